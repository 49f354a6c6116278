/**
 * Long random walks through all stages against the real SQL: see random-walk.ts.
 * `WALK_SEED=7 WALK_STEPS=20000 npm test -- walk/random` takes another one, or a longer one.
 */
import { describe, expect, inject, test } from "vitest";
import { cloneDatabase } from "../support/clone-database.ts";
import { mutants, plant } from "./mutants.ts";
import { crowd, crowdedWorld, shortestWay, walkAtRandom } from "./random-walk.ts";
import { Disagreement, openWalker, type Walker } from "./walker.ts";

const { WALK_SEED, WALK_STEPS } = process.env;
const seeds = WALK_SEED ? [Number(WALK_SEED)] : [1, 2];
const steps = Number(WALK_STEPS ?? 400);
const crowded = { world: crowdedWorld, owners: crowd };
const timeout = 600_000;

describe.concurrent("the database does what the model does", () => {
  test.each(seeds)("in a long walk, seed %i", { timeout }, async (seed) => {
    await using database = await cloneDatabase(inject("stack"));
    await using walker = await openWalker(database.adminUrl, crowded);

    const disagreement = await findDisagreement(walker, seed, steps);

    expect(disagreement && `WALK_SEED=${seed}. ${disagreement.message}`).toBeNull();
  });
});

test("a planted bug is found, and the way to it has no step too many", { timeout }, async () => {
  const mutant = mutants.find(({ fault }) => fault === "release keeps the attempt");
  if (!mutant) throw new Error("there is no such mutant");
  await using database = await cloneDatabase(inject("stack"));
  await using walker = await openWalker(database.adminUrl, crowded);
  await plant(walker.session, mutant);
  // Shortening the way starts again from here, with the bug.
  await walker.session.run("savepoint origin");

  const disagreement = await findDisagreement(walker, 1, steps);

  // To have an SSML released, somebody has to add, upload, claim and complete a recording.
  const does = disagreement?.way.map((step) => step.does);
  expect(does).toEqual([
    "record",
    expect.stringMatching(/^(upload|recognise)$/),
    "claim",
    "complete",
    "claim",
    "release",
  ]);
});

async function findDisagreement(walker: Walker, seed: number, length: number) {
  try {
    const { way } = await walkAtRandom(walker, seed, length);
    expect(way).toHaveLength(length);
    return null;
  } catch (error) {
    if (error instanceof Disagreement) return shortestWay(walker, error);
    throw error;
  }
}
