/**
 * Twenty workers on real connections share a thousand items of each stage. One session cannot
 * prove `skip locked`, so this is not a pgTAP test.
 */
import type postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";
import { addOwner, hireWorkers, queueItems, type Stage, stages } from "../support/queue-items.ts";
import { stageResults } from "../support/stage-results.ts";

const workerCount = 20;
const itemCount = 1_000;

interface Claim {
  id: number;
  lease_token: string;
  attempt: number;
}

let database: ClonedDatabase;
let workers: postgres.Sql[] = [];

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  workers = await hireWorkers(database, workerCount);
  const admin = database.sql("admin");
  await admin`update pipeline.stages set max_concurrency = 100000,
    daily_attempts_per_user = null, lease_seconds = 3600`;
  await queueItems(admin, "analysis", await addOwner(admin), itemCount);
});

afterAll(() => database?.drop());

/** What is completed is the next stage's work. */
test.each(stages)("20 workers claim each of 1,000 items once: %s", async (stage) => {
  const claims = await claimAll(stage);

  expect(claims).toHaveLength(itemCount);
  expect(new Set(claims.map(({ id }) => id)).size).toBe(itemCount);
  expect(new Set(claims.map(({ lease_token }) => lease_token)).size).toBe(itemCount);
  expect(claims.every(({ attempt }) => attempt === 1)).toBe(true);
  if (stage !== "audio") await completeAll(stage, claims);
});

/** All workers at once, each claiming small batches until nothing is left for it. */
async function claimAll(stage: Stage): Promise<Claim[]> {
  const work = async (sql: postgres.Sql) => {
    const mine: Claim[] = [];
    while (true) {
      const batch = await sql<Claim[]>`
        select id::int, lease_token, attempt from ${sql(`pipeline.claim_${stage}`)}(7)`;
      if (batch.length === 0) return mine;
      mine.push(...batch);
    }
  };
  const all = await Promise.all(workers.map(work));
  expect(all.filter((mine) => mine.length > 0).length).toBeGreaterThan(1);
  return all.flat();
}

/** Completes every claim with the same result, shared out among all workers. */
async function completeAll(stage: "analysis" | "ssml", claims: Claim[]): Promise<void> {
  const outcomes = await Promise.all(
    workers.map((sql, index) => {
      const mine = claims.filter((_, position) => position % workerCount === index);
      const results = mine.map(({ id, lease_token }) => ({
        id,
        lease_token,
        ...stageResults[stage],
      }));
      return sql<{ outcome: string }[]>`
        select outcome from ${sql(`pipeline.complete_${stage}`)}(${sql.json(results)})`;
    }),
  );
  expect(outcomes.flat().map(({ outcome }) => outcome)).toEqual(claims.map(() => "completed"));
}
