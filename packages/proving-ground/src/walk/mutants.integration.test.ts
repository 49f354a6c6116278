/** The walks are worth their name: planted bugs do not get past them. */
import { expect, inject, test } from "vitest";
import { cloneDatabase } from "../support/clone-database.ts";
import { planWalk, walkPlan } from "./explore.ts";
import { mutants, plant } from "./mutants.ts";
import { scopes } from "./scopes.ts";
import { Disagreement, follow, openWalker } from "./walker.ts";

test.concurrent.each(mutants)("$fault: the walk notices", { timeout: 300_000 }, async (mutant) => {
  const scope = scopes.find(({ name }) => name === mutant.scope);
  if (!scope) throw new Error(`there is no walk "${mutant.scope}"`);
  await using database = await cloneDatabase(inject("stack"));
  await plant(database.adminUrl, mutant);
  await using walker = await openWalker(database.adminUrl, scope);

  const walking = (async () => {
    const start = await follow(walker, walker.start, scope.prelude);
    await walkPlan(
      walker,
      planWalk(walker.world, start.state, scope.repertoire, scope.depth),
      start,
    );
  })();

  await expect(walking).rejects.toThrow(Disagreement);
});
