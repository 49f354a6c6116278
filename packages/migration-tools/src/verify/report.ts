import { styleText } from "node:util";
import { lineDifference } from "./line-difference.ts";
import type { Finding, Verdict } from "./verify.ts";

const longest = 24;

/** The verdict for people: a table with a row a difference, and under each what differs. */
export function report(verdict: Verdict, where: string): string {
  const { findings, notes, objectCount } = verdict;
  const noteLines = notes.map((note) => `Note: ${note}`);
  if (findings.length === 0) {
    const verdictLine = `No difference: all ${objectCount} objects of ${where} are as the migrations make them.`;
    return [...noteLines, verdictLine].join("\n");
  }
  const rows = [
    { kind: "kind", object: "object", differs: "what differs", details: [] },
    ...findings.map(toRow),
  ];
  const kindWidth = Math.max(...rows.map(({ kind }) => kind.length));
  const objectWidth = Math.max(...rows.map(({ object }) => object.length));
  const lines = rows.flatMap(({ kind, object, differs, details }) => [
    `${kind.padEnd(kindWidth)}  ${object.padEnd(objectWidth)}  ${differs}`,
    ...details.map((line) => `${" ".repeat(kindWidth)}    ${line}`),
  ]);
  return [
    ...lines,
    "",
    "- as the migrations make it   + as it is",
    ...noteLines,
    styleText("red", `${summary(findings)} in ${where}`),
  ].join("\n");
}

function toRow(finding: Finding) {
  const { kind, name, change, parts, migration } = finding;
  const { length } = parts;
  const along = length > 0 ? `, with ${length} ${length > 1 ? "objects" : "object"} of it` : "";
  const from = migration === null ? "" : ` (made by ${migration})`;
  return { kind, object: name, differs: change + along + from, details: detailsOf(finding) };
}

function detailsOf({ expected, actual }: Finding): string[] {
  const lines =
    expected !== null && actual !== null
      ? lineDifference(expected, actual)
      : [...prefixed("- ", expected), ...prefixed("+ ", actual)];
  if (lines.length <= longest) return lines;
  return [...lines.slice(0, longest), `  … and ${lines.length - longest} lines more`];
}

/** The beginning of a definition that has no counterpart. */
function prefixed(sign: string, definition: string | null): string[] {
  if (definition === null) return [];
  const lines = definition.split("\n");
  const shown = lines.slice(0, 6).map((line) => sign + line);
  return lines.length > 6 ? [...shown, "  …"] : shown;
}

function summary(findings: Finding[]): string {
  const counts = (["missing", "unexpected", "changed"] as const).flatMap((change) => {
    const count = findings.filter((finding) => finding.change === change).length;
    return count > 0 ? [`${count} ${change}`] : [];
  });
  const total = findings.length;
  return `${total} ${total === 1 ? "difference" : "differences"} (${counts.join(", ")})`;
}
