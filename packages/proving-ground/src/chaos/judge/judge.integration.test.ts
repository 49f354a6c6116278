/** The judge is asked about worlds in which something did go wrong: it must notice. */
import { readFile } from "node:fs/promises";
import { openSql, type Sql } from "@sideline/local-stack";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../../support/clone-database.ts";
import { stageResults } from "../../support/stage-results.ts";
import type { Finding } from "./finding.ts";
import { judgeNoneLost, judgeNoneTwice, judgeSegments } from "./items.ts";
import { judgePoison } from "./poison.ts";

let database: ClonedDatabase;
let sql: Sql;

beforeEach(async () => {
  database = await cloneDatabase(inject("stack"));
  sql = openSql(database.adminUrl, { max: 1 });
  await sql.run(await readFile(new URL("../world/audit.sql", import.meta.url), "utf8"));
  await sql`insert into auth.users (id, email) values (gen_random_uuid(), 'owner@sideline.test')`;
  await sql`
    insert into public.video_recordings (user_id, filename, storage_path, mime_type, upload_status)
    select id, 'clip.mp4', id || '/clip.mp4', 'video/mp4', 'completed' from auth.users`;
});
afterEach(async () => {
  await sql.end();
  await database.drop();
});

const { analysis } = stageResults;

async function complete(): Promise<void> {
  await sql`
    select pipeline.complete_analysis(jsonb_build_array(
      ${analysis}::jsonb || jsonb_build_object('id', c.id, 'lease_token', c.lease_token)
    ))
    from pipeline.claim_analysis() as c`;
}

const broken = (findings: Finding[]) =>
  findings.filter(({ kept }) => !kept).map(({ promise }) => promise);

test("work that is not done is noticed", async () => {
  expect(broken(await judgeNoneLost(sql, 2))).toEqual([
    "every recording that an app added is there",
    "every item is completed or failed",
  ]);
});

test("an item that was completed twice is noticed, and its doubled remarks are", async () => {
  await complete();
  expect(broken(await judgeNoneTwice(sql, 1))).toEqual([]);

  await sql`update public.analysis_jobs set status = 'queued'`;
  await sql`alter table public.analysis_feedback disable trigger all`;
  await sql`
    insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
      category, severity, confidence, message)
    select analysis_job_id, user_id, start_seconds, end_seconds, category, severity, confidence,
      message
    from public.analysis_feedback`;
  await sql`update public.analysis_jobs set status = 'processing'`;
  await sql`update public.analysis_jobs set status = 'completed'`;

  expect(broken(await judgeNoneTwice(sql, 1))).toEqual([
    "nothing is completed twice",
    "what is done stays done, and only who holds it can do it",
    "every analysis has its 1 remarks, no more and no fewer",
  ]);
});

test("a feedback with a segment too few or too many is noticed", async () => {
  await complete();
  await sql`alter table public.analysis_ssml_segments disable trigger all`;
  await sql`
    insert into public.analysis_ssml_segments (feedback_id, segment_index, ssml)
    select id, 1, '<speak>Half of it.</speak>' from public.analysis_feedback`;
  await sql`update public.analysis_feedback set ssml_status = 'completed'`;

  expect(broken(await judgeSegments(sql))).toContain("every feedback has exactly its segments");
});

test("poison that fails for another reason, or takes a neighbour along, is noticed", async () => {
  await complete();
  const spoil = (code: string, isPoison: boolean) => sql`
    with spoilt as (
      update public.analysis_feedback set ssml_status = 'failed', ssml_error_code = ${code}
      returning id
    )
    insert into chaos.added_feedback (feedback_id, is_poison)
    select id, ${isPoison}::boolean from spoilt
    on conflict (feedback_id) do update set is_poison = excluded.is_poison`;

  await spoil("lease_expired", true);
  expect(broken(await judgePoison(sql))).toEqual([]);
  await spoil("internal_error", true);
  expect(broken(await judgePoison(sql))).toEqual([
    "an item that kills its workers fails with lease_expired",
  ]);
  await spoil("lease_expired", false);
  expect(broken(await judgePoison(sql))).toEqual(["and its neighbours are completed"]);
});
