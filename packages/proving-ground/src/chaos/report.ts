import type { Outcome } from "./outcome.ts";

/** The outcome as people read it: what was done, what came of it, which promises were kept. */
export function describeOutcome(outcome: Outcome): string {
  const { recoveries, staleWrites } = outcome;
  const slowest = Object.entries(recoveries.slowest).map(
    ([lease, seconds]): Row => [`slowest recovery, lease ${lease} s`, `${seconds.toFixed(1)} s`],
  );
  return [
    table(
      "Done to it",
      Object.entries(outcome.injected).map(([name, n]) => [name, String(n)]),
    ),
    table("What came of it", [
      ["recordings", String(outcome.recordings)],
      ["claims", String(outcome.claims)],
      ["items held by killed workers", String(recoveries.orphaned)],
      ["… claimed again", String(recoveries.claimedAgain)],
      ["… done already, the answer lost", String(recoveries.alreadyDone)],
      ["… out of attempts", String(recoveries.givenUp)],
      ...slowest,
      ["slowest recovery with everything at once", `${recoveries.slowestInTheStorm.toFixed(1)} s`],
      ["stale writes refused", String(staleWrites.refused)],
      ["… repetitions of a write that was made", String(staleWrites.repeated)],
      ["audio files listened to", String(outcome.audioFiles)],
      ["wall time", `${outcome.wallSeconds} s`],
    ]),
    table(
      "Items",
      outcome.items.map(({ stage, status, error_code, count }) => [
        `${stage} ${status}${error_code === null ? "" : ` (${error_code})`}`,
        String(count),
      ]),
    ),
    outcome.findings
      .map(
        ({ promise, kept, detail }) =>
          `${kept ? "kept  " : "BROKEN"}  ${promise}${kept ? "" : `\n        ${detail}`}`,
      )
      .join("\n"),
    `Seed ${outcome.seed}: ${outcome.kept ? "every promise was kept." : "a promise was broken."}`,
  ].join("\n\n");
}

type Row = [name: string, value: string];

function table(title: string, rows: readonly Row[]): string {
  const nameWidth = Math.max(title.length, ...rows.map(([name]) => name.length));
  const valueWidth = Math.max(...rows.map(([, value]) => value.length));
  const lines = rows.map(
    ([name, value]) => `  ${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)}`,
  );
  return [title, ...lines].join("\n");
}
