/**
 * An account is deleted row by row, in an order that nobody chooses, while its results are handed
 * in. Whoever waits for one of several rows and holds another one would meet that in a deadlock.
 */
import type pg from "pg";
import { expect, inject, test } from "vitest";
import { cloneDatabase } from "../support/clone-database.ts";
import { stageResults } from "../support/stage-results.ts";

const owner = "a0000000-0000-4000-8000-000000000001";

test.each([
  ["of several results those are left out that somebody holds", 2, ["busy", "completed"]],
  ["a single result waits", 1, ["completed"]],
])("while an account is closed %s", async (_, size, outcomes) => {
  await using database = await cloneDatabase(inject("stack"));
  const holder = await database.client("admin");
  const auth = await database.client("admin");
  const worker = await database.client("admin");
  await holder.query("insert into auth.users (id, email) values ($1, 'a@sideline.test')", [owner]);
  // The later recording is deleted first.
  await holder.query(
    `insert into public.video_recordings
       (user_id, filename, storage_path, upload_status, created_at)
     select $1::uuid, 'a.mp4', $1 || '/' || n, 'completed', now() + n * interval '1 s'
     from generate_series(1, 2) as n`,
    [owner],
  );
  const { rows: claimed } = await holder.query(
    "select id::int, lease_token from pipeline.claim_analysis(2) order by id",
  );
  const results = claimed.slice(0, size).map((item) => ({ ...item, ...stageResults.analysis }));

  await holder.query("begin");
  await holder.query("select from public.video_recordings order by id limit 1 for update");
  const handedIn = worker.query("select outcome from pipeline.complete_analysis($1)", [
    JSON.stringify(results),
  ]);
  if (size > 1) await handedIn;
  else await expect.poll(() => waiting(holder)).toBe(1);
  const closed = auth.query("delete from auth.users where id = $1", [owner]);
  await expect.poll(() => waiting(holder)).toBe(size > 1 ? 1 : 2);
  await holder.query("commit");

  await closed;
  expect((await handedIn).rows.map(({ outcome }) => outcome)).toEqual(outcomes);
  expect((await holder.query("select * from pipeline.violations")).rows).toEqual([]);
});

test.each([
  ["revisions", "public.session_revisions where note = 'old'", "revision = 3"],
  ["sessions", "public.sessions where title <> ''", "title = 'later'"],
])("an account is closed after what its owner is deleting of their %s", async (_, rows, later) => {
  await using database = await cloneDatabase(inject("stack"));
  const holder = await database.client("admin");
  const auth = await database.client("admin");
  const user = await database.client("postgres");
  await holder.query("insert into auth.users (id, email) values ($1, 'a@sideline.test')", [owner]);
  await holder.query(
    `with begun as (
       insert into public.sessions (user_id, title) values ($1, 'first'), ($1, 'later')
       returning id, title
     ),
     revised as (
       insert into public.video_recordings (user_id, filename, storage_path, session_id)
       select $1, 'a.mp4', $1 || '/a', id from begun where title = 'first'
     )
     select`,
    [owner],
  );
  await holder.query(
    `insert into public.session_revisions (session_id, user_id, base_revision, ir, note)
     select s.id, s.user_id, s.revision + n, s.current_ir, case when n < 2 then 'old' end
     from public.sessions as s, generate_series(0, 2) as n where s.title = 'first' order by n`,
  );

  // The owner holds the first row and waits for the second, when Auth begins at the other end.
  await holder.query("begin");
  await holder.query(`select from ${rows} and ${later} for update`);
  await user.query("begin");
  await user.query(
    `select set_config('role', 'authenticated', true),
       set_config('request.jwt.claims', jsonb_build_object('sub', $1::uuid)::text, true)`,
    [owner],
  );
  const deleted = user.query(`delete from ${rows}`);
  await expect.poll(() => waiting(holder)).toBe(1);
  const closed = auth.query("delete from auth.users where id = $1", [owner]);
  await expect.poll(() => waiting(holder)).toBe(2);
  await holder.query("commit");

  expect((await deleted).rowCount).toBe(2);
  await user.query("commit");
  expect((await closed).rowCount).toBe(1);
});

test("requests to erase are waited for, also several", async () => {
  await using database = await cloneDatabase(inject("stack"));
  const holder = await database.client("admin");
  const worker = await database.client("admin");
  await holder.query(
    `select pipeline.ask_erasure(
       array_fill('gemini-files'::text, array[2]), array['a', 'b'], 'provider_copy', $1::uuid)`,
    [owner],
  );
  const { rows: claimed } = await holder.query(
    "select id::int, lease_token from pipeline.claim_erase(2)",
  );

  await holder.query("begin");
  await holder.query("select from pipeline.erasures where path = 'b' for update");
  const handedIn = worker.query("select outcome from pipeline.complete_erase($1)", [
    JSON.stringify(claimed),
  ]);
  // A look that comes too early would find nobody waiting, as one that found them busy.
  await Promise.race([handedIn, expect.poll(() => waiting(holder)).toBe(1)]);
  await holder.query("commit");

  expect((await handedIn).rows).toEqual([{ outcome: "completed" }, { outcome: "completed" }]);
});

/** How many in this database wait for a lock. */
async function waiting(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `select from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length;
}
