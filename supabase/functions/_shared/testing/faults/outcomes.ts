import { errorSentences, type Stage, videoFaults } from "@sideline/contracts";
import type { ItemState } from "./staged-item.ts";

/** What became of an item, in the few words of a table's cell. */
export function outcomeOf(state: ItemState): string {
  const code = state.errorCode === null ? "" : ` · \`${state.errorCode}\``;
  if (state.status === "completed") return "completed";
  if (state.status === "failed") return `fails${code}`;
  if (state.delay === null) return `goes back${code}`;
  const kind = state.attempts === 0 ? "waits" : `attempt ${state.attempts + 1}, in`;
  return `${kind} ${delayOf(state.delay)}${code}`;
}

/** Waits without a named time are random within a range, the first one of 1 to 2 seconds. */
function delayOf(seconds: number): string {
  if (seconds > 3_000) return `${Math.round(seconds / 3600)} h`;
  return seconds > 3 ? `${Math.round(seconds)} s` : "1–2 s";
}

export interface SeenOutcome {
  fault: string;
  stage: Stage;
  outcome: string;
}

const stages: readonly Stage[] = ["analysis", "ssml", "audio", "draft"];

/** docs/provider-errors.md, from what was seen. */
export function pageOf(seen: readonly SeenOutcome[]): string {
  const names = [...new Set(seen.map(({ fault }) => fault))];
  const rows = names.map((name) => [
    name,
    ...stages.map(
      (stage) => seen.find((one) => one.fault === name && one.stage === stage)?.outcome ?? "",
    ),
  ]);
  const sentences = Object.entries(errorSentences).map(([code, text]) => [`\`${code}\``, text]);
  const ofVideos = Object.values(videoFaults).map((text) => [text]);
  return `# What a provider's errors come to

Seen, not planned: a test runs each stage's worker on a database while its providers do this, looks at the item, and
compares with this page (\`npm test -- faults\`; \`-u\` writes it anew). The first attempt of a new item is shown.

- _waits_: not the item's fault. Its attempt is given back. Where the provider named no time, the wait doubles from 1–2 s
  up to 5 minutes, for a day in all (a missing video: 10 minutes); then the item fails with \`deferred_too_long\`.
- _attempt 2_: the item's own fault, another try may help; three attempts in all.
- _goes back_: the SSML stage writes it anew, by the fixed template. That happens once.
- _fails_: at once and for good, until its owner retries it.

${table(["the provider", ...stages], rows)}

## What owners read

\`last_error\` is one of our sentences, chosen by \`error_code\`. What a provider said is logged as \`detail\`, without keys,
addresses, long numbers and quotations, and cut at 300 characters.

${table(["code", "sentence"], sentences)}

A video that cannot be used is told more closely:

${table(["instead of the sentence of its code"], ofVideos)}
`;
}

function table(header: readonly string[], rows: readonly string[][]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join(
    "\n",
  );
}
