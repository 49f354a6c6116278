/**
 * `npm run bench:pipeline`: from a complete upload to the last audio, through the real functions over
 * HTTP, with providers that answer at once. docs/benchmarks.md says what is measured and how.
 */
import { readFile, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { describeMachine } from "../queue/machine.ts";
import { percentile } from "../queue/spread.ts";
import { markdownOf, replaceSection, type Table } from "../queue/table.ts";
import {
  type CronAlone,
  type Latency,
  measureCronAlone,
  measurePipeline,
  type Throughput,
} from "./measures.ts";

const help = `Measures the pipeline through its HTTP functions, with instant providers.

npm run bench:pipeline -- [options]

  --runs N           recordings for each latency (default 20)
  --repeats N        repeats of each throughput (default 5)
  --idle-seconds N   how long to watch it do nothing (default 60)
  --json             print one line of JSON at the end, with every measurement
  --markdown FILE    write the tables into FILE, between its marks "bench:pipeline begins" and "… ends"
`;

/** What is still to be stopped when the run is broken off. */
const running: (() => Promise<void>)[] = [];
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, async () => {
    if (interrupted) process.exit(128 + constants.signals[signal]);
    interrupted = true;
    await Promise.allSettled(running.map((stop) => stop()));
    process.exit(128 + constants.signals[signal]);
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!interrupted) {
    console.error(error);
    process.exitCode = 1;
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "20" },
      repeats: { type: "string", default: "5" },
      "idle-seconds": { type: "string", default: "60" },
      json: { type: "boolean", default: false },
      markdown: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const runs = Number(values.runs);
  const repeats = Number(values.repeats);
  const idleSeconds = Number(values["idle-seconds"]);
  const numbers = [runs, repeats, idleSeconds];
  if (values.help || numbers.some((number) => !Number.isInteger(number) || number < 1)) {
    console.log(help);
    return values.help ? 0 : 2;
  }
  // Progress goes to standard error, so that standard output is the result alone.
  const began = performance.now();
  const say = (line: string) =>
    console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}`);
  const track = (stop: () => Promise<void>) => void running.push(stop);
  const machine = describeMachine();
  const pipeline = await measurePipeline({ runs, repeats, crowds: [1, 4, 16] }, track, say);
  const alone = await measureCronAlone({ runs, idleSeconds }, track, say);
  const seconds = Math.round((performance.now() - began) / 1000);
  const tables = [
    latencyTable(pipeline.latency),
    waitTable(alone.cronAlone),
    throughputTable(pipeline.throughput),
  ];
  const text = [
    `- ${machine.date}, ${seconds} s in all; load of the machine before: ${machine.loadBefore.toFixed(2)}`,
    `- ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, ${machine.kernel}, Node ${machine.node}`,
    `- Idle for ${idleSeconds} s: ${alone.idleCalls} calls of functions`,
    "",
    ...tables.map(markdownOf),
  ].join("\n");
  console.log(values.json ? "" : text);
  if (values.markdown !== undefined) {
    const document = await readFile(values.markdown, "utf8");
    await writeFile(values.markdown, replaceSection(document, "bench:pipeline", text));
  }
  if (values.json) console.log(JSON.stringify({ machine, seconds, ...pipeline, ...alone }));
  return alone.idleCalls === 0 ? 0 : 1;
}

function latencyTable({ called, silent }: Latency): Table {
  return {
    title: "From a complete upload to the last of 5 audio files, milliseconds",
    columns: ["who begins", "runs", "p50", "p95", "max"],
    rows: [
      ["the app calls ai-analyze-video", ...percentiles(called)],
      ["nobody: cron finds it", ...percentiles(silent)],
    ],
    notes: [],
  };
}

function waitTable({ waits }: CronAlone): Table {
  const stages = [...new Set(waits.map(({ stage }) => stage))].sort();
  const of = (wanted: string) => waits.filter(({ stage }) => stage === wanted).map(({ ms }) => ms);
  return {
    title: "From ready to claimed with cron alone, milliseconds",
    columns: ["stage", "items", "p50", "p95", "max"],
    rows: [
      ...stages.map((stage) => [stage, ...percentiles(of(stage))]),
      ["all", ...percentiles(waits.map(({ ms }) => ms))],
    ],
    notes: [],
  };
}

function throughputTable(throughput: Throughput[]): Table {
  return {
    title: "Feedback items spoken a second",
    columns: ["recordings at once", "repeats", "median", "min – max"],
    rows: throughput.map(({ atOnce, perSecond, spread }) => [
      String(atOnce),
      String(perSecond.length),
      spread.median.toFixed(1),
      `${spread.min.toFixed(1)} – ${spread.max.toFixed(1)}`,
    ]),
    notes: [],
  };
}

function percentiles(values: number[]): string[] {
  const shares = [0.5, 0.95, 1].map((share) => percentile(values, share).toFixed(0));
  return [String(values.length), ...shares];
}
