// Makes samples/rally.mp4: `node samples/make-sample.ts [file]`. Needs ffmpeg with libx264.

import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runFfmpeg } from "./ffmpeg.ts";
import { renderFrames } from "./frames.ts";
import { CLIP_SECONDS } from "./rally.ts";
import { composeSound, SAMPLE_RATE } from "./sound.ts";

const WIDTH = 640;
const HEIGHT = 360;
const FRAMES_PER_SECOND = 30;

async function makeSample(output: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sideline-sample-"));
  try {
    const sound = join(folder, "sound.pcm");
    await writeFile(sound, new Uint8Array(composeSound().buffer));
    const video = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${WIDTH}x${HEIGHT}`];
    const frames = renderFrames({
      width: WIDTH,
      height: HEIGHT,
      framesPerSecond: FRAMES_PER_SECOND,
      seconds: CLIP_SECONDS,
      grain: 5,
    });
    await runFfmpeg(
      [
        ...video,
        ...["-r", `${FRAMES_PER_SECOND}`, "-i", "-"],
        ...["-f", "s16le", "-ar", `${SAMPLE_RATE}`, "-ac", "1", "-i", sound],
        ...["-c:v", "libx264", "-preset", "slow", "-crf", "25", "-pix_fmt", "yuv420p"],
        ...["-c:a", "aac", "-b:a", "40k", "-map_metadata", "-1", "-fflags", "+bitexact"],
        ...["-movflags", "+faststart", output],
      ],
      frames,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const output = process.argv[2] ?? fileURLToPath(new URL("rally.mp4", import.meta.url));
try {
  await makeSample(output);
  console.log(`${output}: ${(await stat(output)).size} bytes, ${CLIP_SECONDS} s`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
