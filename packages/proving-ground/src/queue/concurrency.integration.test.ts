/**
 * Twenty workers on real connections share a thousand items of each stage. One session cannot
 * prove `skip locked`, so this is not a pgTAP test.
 */
import type postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";
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
  workers = Array.from({ length: workerCount }, () => database.sql("postgres"));
  await Promise.all(workers.map((sql) => sql`set role service_role`));
  const admin = database.sql("admin");
  await admin`update pipeline.stages set max_concurrency = 100000,
    daily_attempts_per_user = null, lease_seconds = 3600`;
  const [owner] = await admin<{ id: string }[]>`
    insert into auth.users (id, email) values (gen_random_uuid(), 'crowd@sideline.test')
    returning id`;
  const ownerId = owner?.id ?? "";
  await admin`
    insert into public.video_recordings (user_id, filename, storage_path, mime_type, upload_status)
    select ${ownerId}::uuid, n || '.mp4', ${ownerId} || '/' || n || '.mp4', 'video/mp4', 'completed'
    from generate_series(1, ${itemCount}::int) as n`;
});

afterAll(() => database?.drop());

describe("20 workers claim each of 1,000 items once", () => {
  let claims: Claim[] = [];

  test("analysis", async () => {
    claims = await claimAll("analysis");
    expectEachOnce(claims);
  });

  test("ssml", async () => {
    await completeAll("analysis", claims);
    claims = await claimAll("ssml");
    expectEachOnce(claims);
  });

  test("audio", async () => {
    await completeAll("ssml", claims);
    claims = await claimAll("audio");
    expectEachOnce(claims);
  });
});

/** All workers at once, each claiming small batches until nothing is left for it. */
async function claimAll(stage: "analysis" | "ssml" | "audio"): Promise<Claim[]> {
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

function expectEachOnce(claims: Claim[]): void {
  expect(claims).toHaveLength(itemCount);
  expect(new Set(claims.map(({ id }) => id)).size).toBe(itemCount);
  expect(new Set(claims.map(({ lease_token }) => lease_token)).size).toBe(itemCount);
  expect(claims.every(({ attempt }) => attempt === 1)).toBe(true);
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
