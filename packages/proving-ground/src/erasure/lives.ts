import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type postgres from "postgres";

const remarksEach = 4;

/** What a user has after some time: recordings that were analysed and spoken, rows and objects. */
export async function liveFor(
  sql: postgres.Sql,
  service: SupabaseClient<Database>,
  userId: string,
  recordingCount: number,
): Promise<void> {
  await sql`
    insert into public.video_recordings (user_id, filename, storage_path, upload_status)
    select ${userId}, 'clip.mp4', ${userId} || '/' || i || '.mp4', 'completed'
    from generate_series(1, ${recordingCount}::int) as i`;
  // It was all done long ago.
  await sql`delete from pipeline.tasks where stage = 'analysis' and user_id = ${userId}`;
  await sql`update public.analysis_jobs set status = 'completed' where user_id = ${userId}`;
  await sql`
    with job as (
      select id from public.analysis_jobs where user_id = ${userId}
    ), metric as (
      insert into public.analysis_metrics (analysis_job_id, metric_key, metric_value)
      select id, 'motion', 1 from job
    ), remark as (
      insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
        category, severity, confidence, message, ssml_status, audio_status)
      select j.id, ${userId}, i, i + 1, 'pace', 'low', 0.5, 'Hello', 'completed', 'completed'
      from job as j, generate_series(1, ${remarksEach}::int) as i
      returning id
    ), said as (
      insert into public.analysis_ssml_segments (feedback_id, ssml)
      select id, '<speak>Hello</speak>' from remark
      returning feedback_id
    )
    insert into public.analysis_audio_segments
      (feedback_id, audio_url, captions_url, format, duration_ms, provider)
    select feedback_id, ${userId} || '/' || feedback_id || '.wav',
      ${userId} || '/' || feedback_id || '.vtt', 'wav', 900, 'sample'
    from said`;
  const objects = await sql<{ bucket: string; path: string }[]>`
    select 'raw' as bucket, storage_path as path from public.video_recordings
    where user_id = ${userId}
    union all
    select 'processed', p from public.analysis_audio_segments as s
    join public.analysis_feedback as f on f.id = s.feedback_id
    cross join unnest(array[s.audio_url, s.captions_url]) as p
    where f.user_id = ${userId}`;
  const rest = [...objects];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let next = rest.pop(); next; next = rest.pop()) await store(service, next);
    }),
  );
}

async function store(
  service: SupabaseClient<Database>,
  { bucket, path }: { bucket: string; path: string },
): Promise<void> {
  const contentType = path.endsWith("mp4")
    ? "video/mp4"
    : path.endsWith("wav")
      ? "audio/wav"
      : "text/vtt";
  const { error } = await service.storage.from(bucket).upload(path, path, { contentType });
  if (error) throw error;
}
