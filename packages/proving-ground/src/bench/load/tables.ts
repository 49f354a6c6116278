import { percentile } from "../spread.ts";
import { grouped, millis, type Table } from "../table.ts";
import type { Seen } from "./people.ts";
import { p95, type Results } from "./results.ts";

/** What is promised (docs/requirements.md), and whether it was kept. */
export interface Promised {
  name: string;
  measured: string;
  limit: string;
  isKept: boolean;
}

export function promisesOf(results: Results, seen: Seen): Promised[] {
  const items = results.recordings + 2 * results.remarks;
  const failed = results.failed.reduce((sum, { items }) => sum + items, 0);
  const lost = results.unfinished + results.violations + (seen.uploads - results.recordings);
  const waits = results.stages.flatMap(({ waited }) => waited);
  const atMost = (name: string, value: number, limit: number, unit: "s" | "ms"): Promised => ({
    name,
    measured: unit === "s" ? `${(value / 1000).toFixed(2)} s` : `${millis(value)} ms`,
    limit: unit === "s" ? `${limit / 1000} s` : `${limit} ms`,
    isKept: value <= limit,
  });
  return [
    atMost("NFR-1: p95 of the wait in the queue", p95(waits), 5_000, "s"),
    atMost("NFR-2: p95 of adding a recording, triggers and HTTP", p95(seen.added), 100, "ms"),
    atMost("p95 from a remark to its speech", p95(results.remarkSpoken), 30_000, "s"),
    atMost("p95 from a commit to the owner's app", p95(seen.told), 2_000, "s"),
    {
      name: "items that failed after all their attempts",
      measured: `${failed} of ${grouped(items)} (${((100 * failed) / items).toFixed(2)} %)`,
      limit: "1 %",
      isKept: failed < items / 100,
    },
    {
      name: "lost, left over or against a rule",
      measured: `${lost}`,
      limit: "0",
      isKept: lost === 0,
    },
    {
      name: "uploads that were refused",
      measured: `${seen.refused.length} of ${seen.refused.length + seen.uploads}`,
      limit: "0",
      isKept: seen.refused.length === 0,
    },
  ];
}

export function tablesOf(results: Results, seen: Seen): Table[] {
  return [
    {
      title: "Promises",
      columns: ["promise", "measured", "at most", "kept"],
      rows: promisesOf(results, seen).map(({ name, measured, limit, isKept }) => [
        name,
        measured,
        limit,
        isKept ? "yes" : "no",
      ]),
      notes: seen.refused.slice(0, 3).map((message) => `- refused: ${message}`),
    },
    {
      title: "Stages, milliseconds",
      columns: ["stage", "attempts", "waited p50", "p95", "p99", "worked p50", "p95", "p99"],
      rows: results.stages.map(({ stage, attempts, waited, worked }) => [
        stage,
        grouped(attempts),
        ...spread(waited),
        ...spread(worked),
      ]),
      notes: [
        `Attempts: ${results.outcomes.map(({ outcome, attempts }) => `${grouped(attempts)} ${outcome}`).join(", ")}.`,
        ...results.failed.map((one) => `- failed: ${one.items} × ${one.stage}, ${one.error_code}`),
      ],
    },
    {
      title: "From end to end, milliseconds",
      columns: ["from", "until", "p50", "p95", "p99"],
      rows: [
        ["a complete upload", "all its remarks can be heard", ...spread(results.recordingSpoken)],
        ["a remark", "it can be heard", ...spread(results.remarkSpoken)],
        ["a commit", "the owner's app is told", ...spread(seen.told)],
        ["a recording is added", "the answer", ...spread(seen.added)],
      ],
      notes: [
        `${grouped(results.bytes / Math.max(1, results.recordings))} bytes of database a recording.`,
      ],
    },
  ];
}

function spread(values: readonly number[]): string[] {
  return [0.5, 0.95, 0.99].map((share) => millis(percentile(values, share)));
}
