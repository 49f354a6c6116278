/**
 * What a claim under the caps reads depends on neither the number of owners nor the backlog of one
 * who holds all that he may. Rows are counted, as auto_explain reports them, not milliseconds.
 */
import type postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";
import { explainEverything, readScans, type Scan } from "../support/explained.ts";
import { addOwner, claimOwners, type Owner, queueItems } from "../support/queue-items.ts";

let database: ClonedDatabase;
let admin: postgres.Sql;
let heavy: Owner;
let scans: Scan[] = [];

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  admin = database.sql("admin", {
    onnotice: (notice) => scans.push(...readScans(notice)),
  });
  heavy = await addOwner(admin);
  await queueItems(admin, "ssml", heavy, 33);
  // Half of the 64 slots: all that he may hold.
  expect(await claimOwners(admin, "ssml", 64)).toHaveLength(32);
  // As autovacuum may, just before the rush: what the planner knows is a short queue of one owner.
  await admin`vacuum analyze pipeline.tasks`;
}, 60_000);

afterAll(() => database?.drop());

test("a claim reads no more with 10,000 owners than with 20", async () => {
  const few = await rowsOfClaim({ owners: 20, front: 0 });
  const many = await rowsOfClaim({ owners: 10_000, front: 0 });

  expect(few).toBeGreaterThan(0);
  expect(many).toBeLessThan(few + 1_000);
});

test("nor with thirty thousand items of an owner at his cap in front", async () => {
  expect(await rowsOfClaim({ owners: 20, front: 30_000 })).toBeLessThan(2_000);
});

/** Rows that a claim of eight items looks at, which it gets from eight owners. */
async function rowsOfClaim(queue: { owners: number; front: number }): Promise<number> {
  await admin`begin`;
  try {
    await admin`set local session_replication_role = replica`;
    await load(-1, queue.front, admin`${heavy.userId}::uuid`);
    await load(-1_000_000, queue.owners, admin`gen_random_uuid()`);
    await admin`set local session_replication_role = origin`;
    await explainEverything(admin);
    scans = [];
    const owners = await claimOwners(admin, "ssml", 8);
    expect(new Set(owners).size).toBe(8);
    expect(owners).not.toContain(heavy.userId);
    return scans.reduce((sum, { rows }) => sum + rows, 0);
  } finally {
    await admin`rollback`;
  }
}

/** So many feedbacks and tasks, with ids below the given one and turns in that order. */
async function load(
  below: number,
  count: number,
  owner: postgres.PendingQuery<postgres.Row[]>,
): Promise<void> {
  await admin`
    with feedback as (
      insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds,
        end_seconds, category, severity, confidence, message)
      overriding system value
      select ${below}::int - i, ${heavy.jobId}::bigint, ${owner}, 1, 2, 'motion', 'low', 0.5, 'Hello'
      from generate_series(1, ${count}::int) as i returning id, user_id
    )
    insert into pipeline.tasks (stage, subject_id, user_id, turn, available_at)
    select 'ssml', id, user_id, 100 - id, now() from feedback`;
}
