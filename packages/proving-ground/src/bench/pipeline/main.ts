/**
 * `npm run bench:pipeline`: from a complete upload to the last audio, through the real functions over
 * HTTP, with providers that answer at once. docs/benchmarks.md says what is measured and how.
 */
import { benchProgram } from "../program.ts";
import { percentile } from "../spread.ts";
import type { Table } from "../table.ts";
import {
  type CronAlone,
  type Latency,
  measureCronAlone,
  measurePipeline,
  type Throughput,
} from "./measures.ts";

await benchProgram({
  name: "bench:pipeline",
  about: "Measures the pipeline through its HTTP functions, with instant providers.",
  numbers: {
    runs: { value: 20, about: "recordings for each latency" },
    repeats: { value: 5, about: "repeats of each throughput" },
    "idle-seconds": { value: 60, about: "how long to watch it do nothing" },
  },
  async measure({ say, track }, { runs, repeats, "idle-seconds": idleSeconds }) {
    const pipeline = await measurePipeline({ runs, repeats, crowds: [1, 4, 16] }, track, say);
    const alone = await measureCronAlone({ runs, idleSeconds }, track, say);
    return {
      conditions: [`Idle for ${idleSeconds} s: ${alone.idleCalls} calls of functions`],
      tables: [
        latencyTable(pipeline.latency),
        waitTable(alone.cronAlone),
        throughputTable(pipeline.throughput),
      ],
      data: { ...pipeline, ...alone },
      faults: alone.idleCalls,
    };
  },
});

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
