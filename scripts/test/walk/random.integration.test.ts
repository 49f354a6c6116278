/**
 * Long random walks through all stages against the real SQL: see random-walk.ts.
 * `WALK_SEED=7 WALK_STEPS=20000 npm test -- walk/random` takes another one, or a longer one.
 */
import { expect, inject, test } from "vitest";
import { cloneDatabase } from "../support/clone-database.ts";
import { crowd, crowdedWorld, replay, walkAtRandom } from "./random-walk.ts";
import { shrink } from "./shrink.ts";
import { Disagreement, openWalker } from "./walker.ts";

const { WALK_SEED, WALK_STEPS } = process.env;
const seeds = WALK_SEED ? [Number(WALK_SEED)] : [1, 2];
const steps = Number(WALK_STEPS ?? 2_000);

test.concurrent.each(seeds)("seed %i", { timeout: 600_000 }, async (seed) => {
  await using database = await cloneDatabase(inject("stack"));
  await using walker = await openWalker(database.adminUrl, { world: crowdedWorld, owners: crowd });

  const end = await walkAtRandom(walker, seed, steps).catch(async (error: unknown) => {
    if (!(error instanceof Disagreement)) throw error;
    const shortest = await shrink(
      error.way,
      async (way) => (await replay(walker, way))?.way ?? null,
    );
    const again = await replay(walker, shortest);
    throw new Error(`WALK_SEED=${seed}, step ${error.way.length}. ${(again ?? error).message}`);
  });

  expect(end.way).toHaveLength(steps);
});
