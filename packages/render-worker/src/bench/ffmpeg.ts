import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Took {
  cpuSeconds: number;
  wallSeconds: number;
  memoryMb: number;
}

/**
 * The same with an `ffmpeg` program, for comparison: the clip with its sound lowered while the voice
 * speaks at 2 s, and a picture of the caption over it. Null where there is no such program.
 */
export async function withFfmpeg(
  files: { clip: string; voice: string; caption: string; output: string },
  voiceSeconds: number,
): Promise<Took | null> {
  const end = 2 + voiceSeconds;
  const filters = [
    `[0:v][2:v]overlay=(W-w)/2:H-h-43:enable='between(t,2,${end + 0.4})'[v]`,
    `[0:a]volume=0.2:enable='between(t,2,${end})'[clip]`,
    "[1:a]adelay=2000:all=1,loudnorm=I=-16[voice]",
    "[clip][voice]amix=inputs=2:duration=first:normalize=0[a]",
  ];
  const args = [
    "-y",
    "-benchmark",
    "-i",
    files.clip,
    "-i",
    files.voice,
    "-i",
    files.caption,
    "-filter_complex",
    filters.join(";"),
    "-map",
    "[v]",
    "-map",
    "[a]",
    "-c:v",
    "libx264",
    "-preset",
    "veryfast",
    "-crf",
    "20",
    "-c:a",
    "aac",
    "-b:a",
    "128k",
    files.output,
  ];
  const said = await run(process.env.FFMPEG ?? "ffmpeg", args).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
  if (!said) return null;
  const number = (name: string) => Number(new RegExp(`${name}=([\\d.]+)`).exec(said.stderr)?.[1]);
  return {
    cpuSeconds: number("utime") + number("stime"),
    wallSeconds: number("rtime"),
    memoryMb: number("maxrss") / 1024,
  };
}
