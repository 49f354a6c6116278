/** The walks are worth their name: planted bugs do not get past them. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";
import { type Plan, planWalk, walkPlan } from "./explore.ts";
import { mutants, plant } from "./mutants.ts";
import { scopes } from "./scopes.ts";
import { Disagreement, follow, openWalker, type Position, type Walker } from "./walker.ts";

let database: ClonedDatabase;
beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
});
afterAll(() => database?.drop());

test("each names a walk that there is", () => {
  const names = scopes.map(({ name }) => name);
  expect(mutants.filter(({ scope }) => !names.includes(scope))).toEqual([]);
});

const watched = scopes.filter(({ name }) => mutants.some(({ scope }) => scope === name));

describe.each(watched)("$name", (scope) => {
  let walker: Walker;
  let start: Position;
  let plan: Plan;
  beforeAll(async () => {
    walker = await openWalker(database.adminUrl, scope);
    start = await follow(walker, walker.start, scope.prelude);
    plan = planWalk(walker.world, start.state, scope.repertoire, scope.depth);
  });
  afterAll(() => walker?.[Symbol.asyncDispose]());

  test.each(mutants.filter(({ scope: name }) => name === scope.name))(
    "$fault: the walk notices",
    { timeout: 300_000 },
    async (mutant) => {
      await walker.session.startAgain();
      await plant(walker.session, mutant);

      const walking = (async () => {
        await walkPlan(walker, plan, await follow(walker, walker.start, scope.prelude));
      })();

      await expect(walking).rejects.toThrow(Disagreement);
    },
  );
});
