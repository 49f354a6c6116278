/**
 * Every sequence of operations, up to a length, against the real SQL: see explore.ts.
 *
 * One operation less than each scope names, or two of many, and eight where it names no end; which
 * still takes every row of the table, in a third of the steps. `WALK_DEPTH=0 npm test -- exhaustive`
 * goes as far as they name, `WALK_DEPTH=7` at least seven operations far.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";
import { type Plan, planWalk, walkPlan } from "./explore.ts";
import { placeInTable } from "./fire.ts";
import { type Scope, scopes } from "./scopes.ts";
import { type Stage, transitions } from "./transitions.ts";
import { follow, openWalker } from "./walker.ts";

const { WALK_DEPTH } = process.env;
const taken = new Set<string>();
const depthOf = ({ depth }: Scope): number | null => {
  if (WALK_DEPTH !== undefined) return depth && Math.max(depth, Number(WALK_DEPTH));
  return depth === null ? 8 : depth - (depth > 5 ? 2 : 1);
};

describe("the database does what the model does", () => {
  let database: ClonedDatabase;
  beforeAll(async () => {
    database = await cloneDatabase(inject("stack"));
  });
  afterAll(() => database?.drop());

  test.each(scopes)("$name", { timeout: 600_000 }, async (scope) => {
    await using walker = await openWalker(database.adminUrl, scope);
    const start = await follow(walker, walker.start, scope.prelude);
    const depth = depthOf(scope);
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
