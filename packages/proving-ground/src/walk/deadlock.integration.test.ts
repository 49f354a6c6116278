/**
 * An account is closed at the very moment in which its analysis is handed in. A third connection
 * holds the job until each of the two has taken its first locks.
 */
import type postgres from "postgres";
import { expect, inject, test } from "vitest";
import { cloneDatabase } from "../support/clone-database.ts";
import { stageResults } from "../support/stage-results.ts";

const owner = "a0000000-0000-4000-8000-000000000001";

test("closing an account and completing its analysis do not wait for each other", async () => {
  await using database = await cloneDatabase(inject("stack"));
  const connect = () => database.sql("admin");
  const [worker, platform, holder, watcher] = [connect(), connect(), connect(), connect()];
  await holder`insert into auth.users (id, email) values (${owner}, 'owner@walk.test')`;
  await holder`
    insert into public.video_recordings (user_id, filename, storage_path, upload_status)
    values (${owner}, 'a', ${`${owner}/a`}, 'completed')`;
  const [job] = await worker`select id, lease_token from pipeline.claim_analysis(1)`;
  const result = {
    id: Number(job?.id),
    lease_token: String(job?.lease_token),
    ...stageResults.analysis,
  };

  await holder`begin`;
  await holder`select from public.analysis_jobs for update`;
  const completing = worker`
    select outcome from pipeline.complete_analysis(${worker.json([result])})`.execute();
  await waitForBlocked(watcher, 1);
  const closing = platform`delete from auth.users where id = ${owner}`.execute();
  await waitForBlocked(watcher, 2);
  await holder`commit`;
  const ends = await Promise.allSettled([completing, closing]);
  const [left] = await watcher`select count(*)::int as recordings from public.video_recordings`;

  const errors = ends.flatMap((end) => (end.status === "rejected" ? [String(end.reason)] : []));
  expect(errors).toEqual([]);
  expect(left?.recordings).toBe(0);
});

async function waitForBlocked(sql: postgres.Sql, count: number): Promise<void> {
  const countBlocked = async () => {
    const blocked = await sql`
      select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    return blocked.length;
  };
  await expect.poll(countBlocked).toBe(count);
}
