import { table } from "../docs/markdown.ts";
import type { Report } from "./exercise-all.ts";
import { shortestSelect } from "./patterns.ts";

/** The report as lines: a table of what was exercised, what disagreed, and what no one can embed. */
export function reportLines({ exercises, unreachable }: Report): string[] {
  const rows = exercises.map(({ relationship, rows: count, layers }) => {
    const agree = layers.filter(({ problem }) => problem === null);
    return [
      `${relationship.schema}.${relationship.table} → ${relationship.target}`,
      relationship.cardinality,
      shortestSelect(relationship),
      String(count),
      `${agree.length} of ${layers.length}`,
    ];
  });
  const names = exercises[0]?.layers.map(({ name }) => name) ?? [];
  return [
    table(["relationship", "kind", "select", "rows", "layers that agree"], rows),
    "",
    `Layers: ${names.join("; ")}.`,
    "",
    ...problemLines({ exercises, unreachable }),
    ...unreachable.map(
      ({ key, reason }) =>
        `not reachable: ${key.schema}.${key.table} (${key.columns.join(", ")}) → ${key.targetSchema}.${key.targetTable}: ${reason}`,
    ),
  ];
}

/** A line for each layer that did not give the rows of the SQL join. */
export function problemLines({ exercises }: Report): string[] {
  return exercises.flatMap(({ relationship, layers }) =>
    layers.flatMap(({ name, problem }) =>
      problem === null
        ? []
        : [
            `${relationship.schema}.${relationship.table} → ${relationship.target} (${relationship.hint}), ${name}: ${problem}`,
          ],
    ),
  );
}
