/**
 * An app may say "uploaded" and "try again" side by side. Whichever comes first, the analysis is
 * queued and can be claimed.
 */
import type pg from "pg";
import { expect, inject, test } from "vitest";
import { cloneDatabase } from "../support/clone-database.ts";

test("a retry that waits for the end of an upload sees it", async () => {
  await using database = await cloneDatabase(inject("stack"));
  const app = await database.client("admin");
  const operator = await database.client("admin");
  const owner = "a0000000-0000-4000-8000-000000000001";
  await app.query("insert into auth.users (id, email) values ($1, 'race@sideline.test')", [owner]);
  await app.query(
    `insert into public.video_recordings (user_id, filename, storage_path, upload_status)
     values ($1::uuid, 'a.mp4', $1::uuid || '/a.mp4', 'completed')`,
    [owner],
  );
  await app.query(
    `select pipeline.fail('analysis', id, lease_token, 'video_unreadable', 'It is no video.', false)
     from pipeline.claim_analysis(1)`,
  );
  await app.query("update public.video_recordings set upload_status = 'uploading'");

  await app.query("begin");
  await app.query("update public.video_recordings set upload_status = 'completed'");
  const retried = operator.query("select pipeline.requeue_analysis(id) from public.analysis_jobs");
  await expect.poll(() => isWaiting(app)).toBe(true);
  await app.query("commit");
  await retried;

  const { rows } = await app.query("select attempt from pipeline.claim_analysis(1)");
  expect(rows).toEqual([{ attempt: 1 }]);
  expect((await app.query("select * from pipeline.violations")).rows).toEqual([]);
});

/** Whether somebody in this database waits for a lock. */
async function isWaiting(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    `select from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}
