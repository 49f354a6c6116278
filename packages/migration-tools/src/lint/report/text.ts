import { styleText } from "node:util";
import type { Finding } from "../finding.ts";
import type { LintResult } from "../lint-project.ts";

/** For people: the files with their findings, each with its line of SQL and what to do. */
export function textReport({ findings, files, texts, notes }: LintResult): string {
  const blocks = [...Map.groupBy(findings, ({ file }) => file)].map(([file, found]) =>
    [styleText("underline", file), ...found.map((one) => block(one, texts.get(file) ?? ""))].join(
      "\n",
    ),
  );
  const count = `${plural(files, "file")}, ${plural(findings.length, "finding")}`;
  return [...blocks, ...notes, styleText(findings.length > 0 ? "red" : "green", count)].join(
    "\n\n",
  );
}

function block({ line, column, rule, problem, remedy }: Finding, text: string): string {
  const place = `${line}:${column}`;
  const source = text.split("\n")[line - 1] ?? "";
  // A tab before the place is as wide here as it is in the line.
  const gap = source.slice(0, column - 1).replaceAll(/[^\t]/g, " ");
  return [
    `  ${styleText("bold", place)} ${styleText("red", rule)} ${problem}`,
    `    ${styleText("dim", "│")} ${source}`,
    `    ${styleText("dim", "│")} ${gap}${styleText("red", "^")}`,
    `    ${styleText("green", "→")} ${remedy}`,
  ].join("\n");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
