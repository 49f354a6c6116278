/**
 * `npm run bench:functions`: what each call of each function uses of the CPU time and memory that a
 * hosted call has, the largest video included. docs/operations.md holds the table.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { projectDirectory } from "@sideline/local-stack";
import { type Bench, benchProgram, type Result } from "../program.ts";
import type { Table } from "../table.ts";
import { writeLargeVideo } from "./large-video.ts";
import { type RecordedCall, startRecordedStack } from "./recorded-stack.ts";
import { type Situation, situationsOf } from "./situations.ts";

/** What a call may use: well under the 2 s and 256 MB at which hosted ends it. */
const target = { cpuMs: 1500, memoryMb: 200 };
const large = { seconds: 1800, bytes: 505_000_000 };

interface Measured {
  function: string;
  call: string;
  calls: RecordedCall[];
}

await benchProgram({
  name: "bench:functions",
  about: "Measures CPU time and memory of each call of a function on the embedded stack.",
  numbers: {},
  measure,
});

async function measure({ say, track }: Bench): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), "sideline-video-"));
  track(() => rm(folder, { recursive: true, force: true }));
  const sample = path.join(projectDirectory, "samples/rally.mp4");
  const videos = { sample, large: path.join(folder, "large.mp4") };
  await writeLargeVideo(videos.large, await readFile(sample), large);
  let stop = async () => {};
  const stack = await startRecordedStack((stopStack) => {
    stop = stopStack;
    track(stopStack);
  });
  const measured: Measured[] = [];
  try {
    for (const situation of await situationsOf(stack, videos)) {
      measured.push(await measureOne(situation, say));
    }
  } finally {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
  const faults = measured.flatMap(({ calls }) => calls).filter(isTooMuch).length;
  return { conditions: [], tables: [tableOf(measured)], data: { measured }, faults };
}

async function measureOne(situation: Situation, say: (line: string) => void): Promise<Measured> {
  const calls = await situation.run();
  if (calls.length === 0) throw new Error(`${situation.call}: nothing was called.`);
  say(`${situation.function}, ${situation.call}: ${calls.map(({ cpuMs }) => cpuMs).join(", ")} ms`);
  return { function: situation.function, call: situation.call, calls };
}

function isTooMuch({ cpuMs, memoryMb }: RecordedCall): boolean {
  return cpuMs > target.cpuMs || memoryMb > target.memoryMb;
}

function tableOf(measured: Measured[]): Table {
  const most = (calls: RecordedCall[], of: (call: RecordedCall) => number) =>
    Math.max(...calls.map(of));
  const boots = measured.flatMap(({ calls }) => calls.map(({ bootCpuMs }) => bootCpuMs));
  return {
    title: "What a call uses at most",
    columns: ["function", "call", "calls", "CPU, s", "memory, MB", "process, MB"],
    rows: measured.map((one) => [
      one.function,
      one.call,
      String(one.calls.length),
      (most(one.calls, ({ cpuMs }) => cpuMs) / 1000).toFixed(2),
      String(most(one.calls, ({ memoryMb }) => memoryMb)),
      String(most(one.calls, ({ rssMb }) => rssMb)),
    ]),
    notes: [
      `The first call of a process waits for it to start: ${(Math.max(...boots) / 1000).toFixed(2)} s of CPU.`,
    ],
  };
}
