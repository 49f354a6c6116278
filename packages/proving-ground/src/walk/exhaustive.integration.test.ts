/**
 * Every sequence of operations, up to a length, against the real SQL: see explore.ts.
 * `WALK_DEPTH=7 npm test -- exhaustive` walks the widest scopes further.
 */
import { describe, expect, inject, test } from "vitest";
import { cloneDatabase } from "../support/clone-database.ts";
import { type Plan, planWalk, walkPlan } from "./explore.ts";
import { placeInTable } from "./fire.ts";
import { type Scope, scopes } from "./scopes.ts";
import { type Stage, transitions } from "./transitions.ts";
import { follow, openWalker } from "./walker.ts";

const depthWished = Number(process.env.WALK_DEPTH ?? 0);
const taken = new Set<string>();

describe.concurrent("the database does what the model does", () => {
  test.each(scopes)("$name", { timeout: 600_000 }, async (scope) => {
    await using database = await cloneDatabase(inject("stack"));
    await using walker = await openWalker(database.adminUrl, scope);
    const start = await follow(walker, walker.start, scope.prelude);
    const depth = scope.depth === null ? null : Math.max(scope.depth, depthWished);
    const plan = planWalk(walker.world, start.state, scope.repertoire, depth);

    await walkPlan(walker, plan, start);

    for (const row of plan.taken) taken.add(row);
    console.log(reportOf(scope, depth, plan));
  });
});

test("the walks take every row of the table, for every stage and from every place", () => {
  const rows = transitions.flatMap((row) =>
    row.stages.flatMap((stage: Stage) =>
      row.from.map((place) => placeInTable(row, { stage, place })),
    ),
  );

  expect(rows.filter((row) => !taken.has(row))).toEqual([]);
});

function reportOf({ name }: Scope, depth: number | null, plan: Plan): string {
  const { sequences, states, steps, isClosed } = plan;
  const covered = isClosed
    ? "all sequences of any length"
    : `all ${sequences.toLocaleString("en")} sequences of up to ${depth} operations`;
  return `${name}: ${covered}; ${states} states, ${steps} steps compared`;
}
