import { relative } from "node:path";
import { table } from "@sideline/migration-tools/markdown";
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
  return table(["file", "tests", "seconds"], rows);
}
