/**
 * One owner has ten thousand items in each queue, another one has one. What the order of a
 * single session's claims is, the database's own tests say (supabase/tests/database/turns); here
 * are the numbers, workers that claim at once, and transactions that commit late.
 */
import type postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";
import {
  addOwner,
  claimOwners,
  hireWorkers,
  loadBacklog,
  type Owner,
  queueDepth,
  queueItems,
  type Stage,
  stages,
} from "../support/queue-items.ts";

const workerCount = 4;
const batchSize = 8;

let database: ClonedDatabase;
let admin: postgres.Sql;
let workers: postgres.Sql[] = [];
let light: Owner;

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  admin = database.sql("admin");
  workers = await hireWorkers(database, workerCount);
  light = await addOwner(admin);
  await admin`
    update pipeline.stages set max_concurrency = 1000000, daily_attempts_per_user = null`;
  await loadBacklog(admin, await addOwner(admin), queueDepth);
});

afterAll(() => database?.drop());

describe.each(stages)("%s: behind ten thousand items of somebody else", (stage) => {
  test("one item is in the next batch", async () => {
    await claim(stage);
    await queueItems(admin, stage, light, 1);

    expect(ofLight(await claim(stage))).toBe(1);
  });

  test("one item that comes while four workers claim waits for a batch of each", async () => {
    const batches: { startedAt: number; endedAt: number; light: number }[] = [];
    const work = async (sql: postgres.Sql) => {
      const isOver = () => batches.some((batch) => batch.light > 0) || batches.length > 2_000;
      while (!isOver()) {
        const startedAt = performance.now();
        const light = ofLight(await claimOwners(sql, stage, batchSize));
        batches.push({ startedAt, endedAt: performance.now(), light });
      }
    };
    const working = Promise.all(workers.map(work));
    await expect.poll(() => batches.length).toBeGreaterThan(3 * workerCount);
    await queueItems(admin, stage, light, 1);
    const committedAt = performance.now();
    await working;

    const served = batches.filter((batch) => batch.light === 1);
    expect(served).toHaveLength(1);
    const servedAt = served[0]?.startedAt ?? 0;
    const before = batches.filter(
      ({ startedAt, endedAt }) => startedAt > committedAt && endedAt < servedAt,
    );
    expect(before.length).toBeLessThanOrEqual(workerCount);
  });

  test("items that commit late are served within a second, and all of them", async () => {
    const clock = await clockOf(stage);
    const slow = database.sql("admin");
    await slow`begin`;
    await queueItems(slow, stage, light, 2 * batchSize);
    for (let second = 0; second < 4; second += 1) {
      await clock.set(second);
      await clock.claim(1_000);
    }
    await slow`commit`;

    await clock.set(5);
    const items = [ofLight(await clock.claim(batchSize)), ofLight(await clock.claim(batchSize))];
    await clock.reset();

    expect(items).toEqual([batchSize, batchSize]);
  });
});

async function claim(stage: Stage, size = batchSize): Promise<string[]> {
  const [worker] = workers;
  if (!worker) throw new Error("there is no worker");
  return await claimOwners(worker, stage, size);
}

/** A worker whose clock is set by hand, in seconds from now on. */
async function clockOf(stage: Stage) {
  const [worker] = workers;
  if (!worker) throw new Error("there is no worker");
  const start = Date.now();
  const set = (time: string) => worker`select set_config('pipeline.now', ${time}, false)`;
  return {
    set: (second: number) => set(new Date(start + second * 1_000).toISOString()),
    reset: () => set(""),
    claim: (size: number) => claimOwners(worker, stage, size),
  };
}

function ofLight(owners: string[]): number {
  return owners.filter((owner) => owner === light.userId).length;
}
