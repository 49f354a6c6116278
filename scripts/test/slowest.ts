import { relative } from "node:path";
import type { TestModule } from "vitest/node";

export interface FileCost {
  file: string;
  tests: number;
  /** From the start of its import to the end of its last hook. */
  seconds: number;
}

export function costOf(module: TestModule, root: string): FileCost {
  const { prepareDuration, environmentSetupDuration, setupDuration, collectDuration, duration } =
    module.diagnostic();
  const parts = [
    prepareDuration,
    environmentSetupDuration,
    setupDuration,
    collectDuration,
    duration,
  ];
  return {
    file: relative(root, module.moduleId),
    tests: [...module.children.allTests()].length,
    seconds: parts.reduce((sum, part) => sum + part, 0) / 1000,
  };
}

/** A table in Markdown of the files that took longest, and one line for all others. */
export function slowestTable(costs: readonly FileCost[], count: number): string {
  const sorted = costs.toSorted((a, b) => b.seconds - a.seconds);
  const others = sorted.slice(count);
  const rows = sorted
    .slice(0, count)
    .map(({ file, tests, seconds }) => [`\`${file}\``, String(tests), seconds.toFixed(1)]);
  if (others.length > 0) {
    const sum = (of: (cost: FileCost) => number) => others.reduce((all, cost) => all + of(cost), 0);
    rows.push([
      `${others.length} others`,
      String(sum(({ tests }) => tests)),
      sum(({ seconds }) => seconds).toFixed(1),
    ]);
  }
  const table = [["file", "tests", "seconds"], ...rows];
  const [wide, middle, narrow] = [0, 1, 2].map((column) =>
    Math.max(...table.map((row) => (row[column] ?? "").length)),
  );
  const line = ([file = "", tests = "", seconds = ""]: string[]) =>
    `| ${file.padEnd(wide ?? 0)} | ${tests.padStart(middle ?? 0)} | ${seconds.padStart(narrow ?? 0)} |`;
  const rule = `| ${"-".repeat(wide ?? 0)} | ${"-".repeat((middle ?? 1) - 1)}: | ${"-".repeat((narrow ?? 1) - 1)}: |`;
  return [line(table[0] ?? []), rule, ...rows.map(line)].join("\n");
}
