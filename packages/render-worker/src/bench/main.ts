/**
 * `npm run bench:render`: speed beside an `ffmpeg` command line that does the same, and memory as a
 * clip of 720p and 30 pictures a second gets longer. Half a second of the processor for each second of
 * video: about ten minutes on two cores that are free. `--seconds 20,120` chooses other lengths.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeWav } from "../../../../supabase/functions/_shared/testing/make-wav.ts";
import { captionsOf } from "../picture/captions.ts";
import { coachingOf, jobOf, remarkOf } from "../testing/jobs.ts";
import { runCompositor } from "../worker/compositor-process.ts";
import { type Took, withFfmpeg } from "./ffmpeg.ts";
import { makeBenchClip, repeatClip } from "./long-clip.ts";

const frame = { width: 1280, height: 720 };
const shortest = 20;
const voiceSeconds = 4;

const coaching = coachingOf({
  mode: "duck",
  captions: true,
  remarks: [remarkOf({ start_seconds: 2, end_seconds: 3 })],
});

const { values } = parseArgs({ options: { seconds: { type: "string", default: "20,120,1200" } } });
const directory = await mkdtemp(join(tmpdir(), "sideline-bench-"));
try {
  await bench(values.seconds.split(",").map(Number));
} finally {
  await rm(directory, { recursive: true, force: true });
}
process.exit(0);

async function bench(lengths: number[]): Promise<void> {
  const voice = join(directory, "voice.wav");
  await writeFile(voice, makeWav({ seconds: voiceSeconds, amplitude: 0.1, sampleRate: 22_050 }));
  const short = await makeBenchClip(join(directory, "short.mp4"), shortest);
  console.log("| 720p, 30 pictures a second | by | CPU s | wall s | memory MB |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const seconds of lengths) {
    const clip = await repeatClip(short, join(directory, `${seconds}.mp4`), seconds / shortest);
    tell(seconds, "this worker", await withWorker(clip, voice));
    if (seconds === shortest) tell(seconds, "ffmpeg", await compare(clip, voice));
  }
}

function tell(seconds: number, by: string, took: Took | null): void {
  const numbers = took
    ? [took.cpuSeconds.toFixed(1), took.wallSeconds.toFixed(1), took.memoryMb.toFixed(0)]
    : ["not installed", "", ""];
  console.log(`| ${seconds} s | ${by} | ${numbers.join(" | ")} |`);
}

async function withWorker(clip: string, voice: string): Promise<Took> {
  const began = performance.now();
  let memory = 0;
  const output = join(directory, "worker.mp4");
  const job = jobOf({
    ...frame,
    fps: 30,
    coaching,
    output,
    files: { "raw/clip": clip, "processed/voice": voice },
  });
  const bounds = { memoryBytes: Number.POSITIVE_INFINITY, renderMs: 2 ** 31 - 1 };
  const done = await runCompositor(job, bounds, new AbortController().signal, (told) => {
    memory = Math.max(memory, told.memory);
  });
  return {
    cpuSeconds: done.cpuSeconds,
    wallSeconds: (performance.now() - began) / 1000,
    memoryMb: memory / 1024 ** 2,
  };
}

async function compare(clip: string, voice: string): Promise<Took | null> {
  const remark = { feedbackId: 1, from: 2, spokenTo: 6, readTo: 6.4 };
  const [caption] = captionsOf([remark], coaching, frame);
  const picture = join(directory, "caption.png");
  await writeFile(picture, caption?.draw().toBuffer("image/png") ?? "");
  const output = join(directory, "ffmpeg.mp4");
  return await withFfmpeg({ clip, voice, caption: picture, output }, voiceSeconds);
}
