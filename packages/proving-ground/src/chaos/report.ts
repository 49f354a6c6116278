import type { Table } from "../bench/table.ts";
import type { Outcome } from "./outcome.ts";

/** The outcome as people read it: what was done, what came of it, which promises were kept. */
export function tablesOf(outcome: Outcome): Table[] {
  const { recoveries, staleWrites } = outcome;
  const slowest = Object.entries(recoveries.slowest).map(([lease, seconds]) => [
    `slowest recovery, lease ${lease} s`,
    `${seconds.toFixed(1)} s`,
  ]);
  return [
    counted("Done to it", Object.entries(outcome.injected)),
    counted("What came of it", [
      ["recordings", outcome.recordings],
      ["claims", outcome.claims],
      ["items held by killed workers", recoveries.orphaned],
      ["… claimed again", recoveries.claimedAgain],
      ["… done already, the answer lost", recoveries.alreadyDone],
      ["… out of attempts", recoveries.givenUp],
      ...slowest,
      ["slowest recovery with everything at once", `${recoveries.slowestInTheStorm.toFixed(1)} s`],
      ["stale writes refused", staleWrites.refused],
      ["… repetitions of a write that was made", staleWrites.repeated],
      ["audio files listened to", outcome.audioFiles],
    ]),
    counted(
      "Items",
      outcome.items.map(({ stage, status, error_code, count }) => [
        `${stage} ${status}${error_code === null ? "" : ` (${error_code})`}`,
        count,
      ]),
    ),
    {
      title: "Promises",
      columns: ["promise", "kept"],
      rows: outcome.findings.map(({ promise, kept, detail }) => [
        promise,
        kept ? "yes" : `NO: ${detail}`,
      ]),
      notes: [],
    },
  ];
}

export function conclusion({ seed, kept }: Pick<Outcome, "seed" | "kept">): string {
  return `Seed ${seed}: ${kept ? "every promise was kept" : "a promise was broken"}`;
}

function counted(title: string, rows: (string | number)[][]): Table {
  return {
    title,
    columns: ["what", "how much"],
    rows: rows.map((row) => row.map(String)),
    notes: [],
  };
}
