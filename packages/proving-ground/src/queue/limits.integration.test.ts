/**
 * Limits hold exactly when ten workers claim at once, on connections of their own: caps per user
 * and per stage, quotas, a provider's bucket, its pause, and the one probe of an open circuit.
 */
import type postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";
import {
  addOwner,
  claimOwners,
  hireWorkers,
  type Owner,
  queueItems,
  type Stage,
  stages,
} from "../support/queue-items.ts";

const workerCount = 10;
const ownerCount = 3;

let database: ClonedDatabase;
let admin: postgres.Sql;
let workers: postgres.Sql[] = [];
let owners: Owner[] = [];

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  admin = database.sql("admin");
  workers = await hireWorkers(database, workerCount);
  owners = await Promise.all(Array.from({ length: ownerCount }, () => addOwner(admin)));
});

afterAll(() => database?.drop());

beforeEach(async () => {
  await admin`delete from public.analysis_feedback`;
  await admin`delete from public.analysis_jobs where status <> 'completed'`;
  await admin`delete from public.video_recordings as v
    where not exists (select from public.analysis_jobs as j where j.video_recording_id = v.id)`;
  await admin`
    update pipeline.stages set max_concurrency = 100000, max_concurrency_per_user = 100000,
      daily_attempts_per_user = null, model = 'default'`;
  await admin`delete from pipeline.usage`;
  await admin`
    update pipeline.provider_limits set requests_per_minute = null, not_before = null,
      open_until = null, probes = 0, probe_token = null, probe_until = null, refused_users = '{}',
      failing_users = '{}'`;
});

async function queueForAll(...queues: Stage[]): Promise<void> {
  for (const stage of queues) {
    for (const owner of owners) await queueItems(admin, stage, owner, 60);
  }
}

describe.each(stages)("%s", (stage) => {
  beforeEach(() => queueForAll(stage));

  test("no owner gets beyond the cap per user, and each gets up to it", async () => {
    await admin`update pipeline.stages set max_concurrency_per_user = 7`;

    const claimed = await rush(2, (sql) => claimOwners(sql, stage, 5));

    expect(perOwner(claimed)).toEqual(owners.map(() => 7));
  });

  test("both caps hold together", async () => {
    await admin`
      update pipeline.stages set max_concurrency = 16, max_concurrency_per_user = 7`;

    const claimed = await rush(2, (sql) => claimOwners(sql, stage, 5));

    expect(claimed).toHaveLength(16);
    expect(Math.max(...perOwner(claimed))).toBeLessThanOrEqual(7);
  });

  test("caps hold whatever the size of the claims", async () => {
    await admin`
      update pipeline.stages set max_concurrency = 32, max_concurrency_per_user = 16`;

    const claimed = await rush(3, (sql, index) => claimOwners(sql, stage, 1 + index ** 2));

    expect(claimed).toHaveLength(32);
    expect(Math.max(...perOwner(claimed))).toBeLessThanOrEqual(16);
  });

  test("claims of one item stop exactly at both caps, with leases given back meanwhile", async () => {
    await admin`
      update pipeline.stages set max_concurrency = 48, max_concurrency_per_user = 24`;
    // Claims that come soon after each other go side by side, until the room gets small.
    let most = { live: 0, per_user: 0 };
    const watch = async () => {
      const [seen] = await admin<{ live: number; per_user: number }[]>`
        select sum(n)::int as live, max(n)::int as per_user from (
          select count(*) as n from pipeline.tasks
          where stage = ${stage} and lease_token is not null and turn is null group by user_id
        ) as o`;
      most = {
        live: Math.max(most.live, seen?.live ?? 0),
        per_user: Math.max(most.per_user, seen?.per_user ?? 0),
      };
    };
    for (let round = 0; round < 4; round += 1) {
      await rush(8, (sql) => claimOwners(sql, stage, 1));
      await watch();
      await admin`
        select pipeline.release(stage, subject_id, lease_token) from (
          select * from pipeline.tasks where stage = ${stage} and lease_token is not null
          order by random() limit 20
        ) as t`;
    }
    await rush(8, (sql) => claimOwners(sql, stage, 1));
    await watch();

    expect(most).toEqual({ live: 48, per_user: expect.any(Number) });
    expect(most.per_user).toBeLessThanOrEqual(24);
  });

  test("while a circuit is open, one item is let through to probe when that is due", async () => {
    await admin`
      update pipeline.provider_limits set open_until = now() - interval '1 second'`;

    expect(await rush(2, (sql) => claimOwners(sql, stage, 5))).toHaveLength(1);
  });

  test("half of few slots are the most that one owner holds", async () => {
    await admin`
      update pipeline.stages set max_concurrency = 8, max_concurrency_per_user = null`;

    const claimed = await rush(2, (sql) => claimOwners(sql, stage, 5));

    expect(claimed).toHaveLength(8);
    expect(Math.max(...perOwner(claimed))).toBeLessThanOrEqual(4);
  });

  test("a day's quota holds exactly, and what is beyond waits and says so", async () => {
    await admin`update pipeline.stages set daily_attempts_per_user = 9`;

    const claimed = await rush(3, (sql) => claimOwners(sql, stage, 5));

    expect(perOwner(claimed)).toEqual(owners.map(() => 9));
    const parked = await admin<{ count: number }[]>`
      select count(*)::int from ${admin(`pipeline.${stage}_items`)}
      where status = 'queued' and error_code = 'quota_exceeded'`;
    expect(parked).toEqual([{ count: ownerCount * (60 - 9) }]);
    const violations = await admin`select * from pipeline.violations`;
    expect(violations).toEqual([]);
  });

  test("a 429 of one owner's item stops nobody, one of another owner's stops everybody", async () => {
    await refuse(stage, owners[0]);

    expect(await rush(1, (sql) => claimOwners(sql, stage, 1))).toHaveLength(workerCount);

    await refuse(stage, owners[1]);

    expect(await rush(1, (sql) => claimOwners(sql, stage, 5))).toEqual([]);
  });
});

test.each([null, 60_000])(
  "workers that name two models wait for each other, never in a circle (%s requests a minute)",
  async (perMinute) => {
    await queueForAll("ssml");
    await admin`
      update pipeline.stages set max_concurrency = 6, max_concurrency_per_user = 6
      where stage = 'ssml'`;
    // Both models have their rows from here on.
    for (const model of ["one", "two"]) await admin`select pipeline.use_model('ssml', ${model})`;
    await admin`
      update pipeline.provider_limits set requests_per_minute = ${perMinute}, burst = 1000,
        tokens = 1000, refilled_at = now() where model in ('one', 'two')`;

    const claimed = await rush(12, async (sql, index) => {
      const model = index % 2 === 0 ? "one" : "two";
      const rows = await sql<{ id: string; lease_token: string }[]>`
        select id, lease_token from pipeline.claim_ssml(2, 60, ${model})`;
      for (const { id, lease_token } of rows) {
        await sql`select pipeline.release('ssml', ${id}, ${lease_token})`;
      }
      return rows.map(({ id }) => id);
    });

    expect(claimed.length).toBeGreaterThan(0);
  },
);

test("stages that ask one provider take exactly its tokens together", async () => {
  await queueForAll("analysis", "ssml");
  await admin`
    update pipeline.provider_limits
    set requests_per_minute = 0.001, burst = 37, refilled_at = '-infinity'`;

  const claimed = await rush(3, (sql, index) =>
    claimOwners(sql, index % 2 === 0 ? "analysis" : "ssml", 4),
  );

  expect(claimed).toHaveLength(37);
  const [bucket] = await admin<{ tokens: number }[]>`
    select floor(tokens)::int as tokens from pipeline.provider_limits
    where provider = 'gemini' and model = 'default'`;
  expect(bucket?.tokens).toBe(0);
});

/** The provider answers an item of this owner with 429. */
async function refuse(stage: Stage, owner: Owner | undefined): Promise<void> {
  await claimOwners(admin, stage, 30);
  const [refused] = await admin<{ outcome: string }[]>`
    select pipeline.defer(stage, subject_id, lease_token, 'provider_rate_limited', 'Wait.', 60)
      as outcome
    from pipeline.tasks
    where stage = ${stage} and user_id = ${owner?.userId ?? ""} and lease_token is not null limit 1`;
  expect(refused?.outcome).toBe("queued");
}

/** All workers at once, so many times one after the other. Answers with all that they got. */
async function rush(
  rounds: number,
  claim: (sql: postgres.Sql, index: number) => Promise<string[]>,
): Promise<string[]> {
  const all = await Promise.all(
    workers.map(async (sql, index) => {
      const mine: string[] = [];
      for (let round = 0; round < rounds; round += 1) mine.push(...(await claim(sql, index)));
      return mine;
    }),
  );
  return all.flat();
}

function perOwner(claimed: string[]): number[] {
  return owners.map(({ userId }) => claimed.filter((owner) => owner === userId).length);
}
