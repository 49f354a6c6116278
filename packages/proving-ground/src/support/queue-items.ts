import { randomUUID } from "node:crypto";
import type postgres from "postgres";

export type Stage = "analysis" | "ssml" | "audio";
export const stages: readonly Stage[] = ["analysis", "ssml", "audio"];

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
  const [job] = await admin<{ id: string }[]>`
    with recording as (
      insert into public.video_recordings (user_id, filename, storage_path)
      values (${userId}::uuid, 'clip.mp4', ${`${userId}/clip.mp4`}) returning id
    )
    insert into public.analysis_jobs (video_recording_id, user_id, coach, status)
    select id, ${userId}::uuid, '{}', 'completed' from recording returning id`;
  return { userId, jobId: job?.id ?? "" };
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
    )
    insert into public.analysis_ssml_segments (feedback_id, ssml)
    select id, '<speak>Hello</speak>' from feedback where ${stage === "audio"}`;
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
      insert into public.analysis_jobs (id, video_recording_id, user_id, coach, available_at, turn)
      overriding system value
      select -i, -i, ${userId}::uuid, '{}', now(), i from generate_series(1, ${count}::int) as i`;
    await sql`
      insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds,
        end_seconds, category, severity, confidence, message, ssml_available_at, ssml_turn,
        audio_available_at, audio_turn)
      overriding system value
      select -i, ${jobId}::bigint, ${userId}::uuid, 1, 2, 'motion', 'low', 0.5, 'Hello',
        now(), i, now(), i
      from generate_series(1, ${count}::int) as i`;
    await sql`
      insert into public.analysis_ssml_segments (feedback_id, ssml)
      select -i, '<speak>Hello</speak>' from generate_series(1, ${count}::int) as i`;
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
