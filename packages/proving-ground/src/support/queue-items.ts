import { randomUUID } from "node:crypto";
import type postgres from "postgres";
import type { ClonedDatabase } from "./clone-database.ts";

export type Stage = "analysis" | "ssml" | "audio";
export const stages: readonly Stage[] = ["analysis", "ssml", "audio"];

/**
 * How many items lie in a queue where a test wants many. `QUEUE_DEPTH=200000 npm test -- src/queue`
 * wants more.
 */
export const queueDepth = Number(process.env.QUEUE_DEPTH ?? 10_000);

/** Somebody with a recording, whose finished analysis feedback can be added to. */
export interface Owner {
  userId: string;
  jobId: string;
}

/** @param admin a connection that may write `auth.users` */
export async function addOwner(admin: postgres.Sql): Promise<Owner> {
  const userId = randomUUID();
  await admin`
    insert into auth.users (id, email) values (${userId}::uuid, ${`${userId}@sideline.test`})`;
  const [recording] = await admin<{ id: string }[]>`
    insert into public.video_recordings (user_id, filename, storage_path, upload_status)
    values (${userId}::uuid, 'clip.mp4', ${`${userId}/clip.mp4`}, 'completed') returning id`;
  const [job] = await admin<{ id: string }[]>`
    with job as (
      update public.analysis_jobs set status = 'completed'
      where video_recording_id = ${recording?.id ?? ""}::bigint returning id
    ),
    task as (
      delete from pipeline.tasks as t using job
      where t.stage = 'analysis' and t.subject_id = job.id
    )
    select id from job`;
  return { userId, jobId: job?.id ?? "" };
}

/** So many workers, each on a connection of its own. */
export async function hireWorkers(
  database: ClonedDatabase,
  count: number,
): Promise<postgres.Sql[]> {
  const workers = Array.from({ length: count }, () => database.sql("postgres"));
  await Promise.all(workers.map((sql) => sql`set role service_role`));
  return workers;
}

/** Queues so many items of an owner in one statement, as uploads, analyses and SSML queue them. */
export async function queueItems(
  admin: postgres.Sql,
  stage: Stage,
  { userId, jobId }: Owner,
  count: number,
): Promise<void> {
  if (stage === "analysis") {
    await admin`
      insert into public.video_recordings (user_id, filename, storage_path, upload_status)
      select ${userId}::uuid, 'clip.mp4', ${`${userId}/`} || gen_random_uuid() || '.mp4', 'completed'
      from generate_series(1, ${count}::int)`;
    return;
  }
  const status = stage === "ssml" ? "queued" : "completed";
  await admin`
    with feedback as (
      insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
        category, severity, confidence, message, ssml_status)
      select ${jobId}::bigint, ${userId}::uuid, 1, 2, 'motion', 'low', 0.5, 'Hello', ${status}
      from generate_series(1, ${count}::int) returning id
    ),
    segments as (
      insert into public.analysis_ssml_segments (feedback_id, ssml)
      select id, '<speak>Hello</speak>' from feedback where ${stage === "audio"} returning feedback_id
    )
    select pipeline.enqueue('audio', array_agg(feedback_id), array_agg(${userId}::uuid))
    from segments having count(*) > 0`;
}

/** So many recordings of an owner whose object never comes; `max_tasks_per_user` is not asked. */
export async function awaitUploads(
  admin: postgres.Sql,
  { userId }: Owner,
  count: number,
): Promise<void> {
  await admin`update pipeline.stages set max_tasks_per_user = null where stage = 'upload'`;
  await admin`
    insert into public.video_recordings (user_id, filename, storage_path)
    select ${userId}::uuid, 'clip.mp4', ${`${userId}/`} || gen_random_uuid() || '.mp4'
    from generate_series(1, ${count}::int)`;
}

/**
 * Puts so many ready items of one owner into every queue, in the state that queueing them one after
 * the other leaves, but fast: triggers and foreign keys are off meanwhile. Into empty queues only.
 * @param admin a superuser's connection
 */
export async function loadBacklog(
  admin: postgres.Sql,
  { userId, jobId }: Owner,
  count: number,
): Promise<void> {
  await admin.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`
      insert into public.video_recordings (id, user_id, filename, storage_path, upload_status)
      overriding system value
      select -i, ${userId}::uuid, 'clip.mp4', ${`${userId}/`} || i || '.mp4', 'completed'
      from generate_series(1, ${count}::int) as i`;
    await sql`
      insert into public.analysis_jobs (id, video_recording_id, user_id, coach)
      overriding system value
      select -i, -i, ${userId}::uuid, '{}' from generate_series(1, ${count}::int) as i`;
    // Those of ssml have odd ids, those of audio even ones.
    await sql`
      insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds,
        end_seconds, category, severity, confidence, message, ssml_status)
      overriding system value
      select -i, ${jobId}::bigint, ${userId}::uuid, 1, 2, 'motion', 'low', 0.5, 'Hello',
        case when i % 2 = 0 then 'completed' else 'queued' end
      from generate_series(1, 2 * ${count}::int) as i`;
    await sql`
      insert into public.analysis_ssml_segments (feedback_id, ssml)
      select -2 * i, '<speak>Hello</speak>' from generate_series(1, ${count}::int) as i`;
    await sql`
      insert into pipeline.tasks (stage, subject_id, user_id, turn, available_at)
      select s.stage, case s.stage when 'analysis' then -i when 'ssml' then 1 - 2 * i else -2 * i end,
        ${userId}::uuid, i, now()
      from unnest(array['analysis', 'ssml', 'audio']) as s (stage), generate_series(1, ${count}::int) as i`;
  });
}

/** Claims one batch; answers with the owner of each item. */
export async function claimOwners(
  worker: postgres.Sql,
  stage: Stage,
  batchSize: number,
): Promise<string[]> {
  const rows = await worker<{ user_id: string }[]>`
    select user_id from ${worker(`pipeline.claim_${stage}`)}(${batchSize}::int, 3600)`;
  return rows.map(({ user_id }) => user_id);
}
