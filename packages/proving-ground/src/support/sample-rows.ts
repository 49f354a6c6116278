import type pg from "pg";
import { insertSampleSessions } from "./sample-sessions.ts";

/**
 * One user's rows, so that every relationship has something to find, something missing and, where
 * many are possible, many. Two users share a voice: a query from there could show one the other.
 */
export async function insertSampleRows(client: pg.Client, userId: string): Promise<void> {
  const one = async (text: string, values: unknown[]): Promise<string> => {
    const { rows } = await client.query<{ id: string }>(`${text} returning id`, values);
    const id = rows[0]?.id;
    if (id === undefined) throw new Error("A sample row was not inserted.");
    return id;
  };
  const recording = (name: string, uploadStatus: string) =>
    one(
      `insert into public.video_recordings (user_id, filename, storage_path, upload_status)
       values ($1::uuid, $2, $1::text || '/' || $2, $3)`,
      [userId, name, uploadStatus],
    );
  // A finished upload has queued its analysis by itself.
  const jobOf = (recordingId: string) =>
    one("update public.analysis_jobs set title = 'Sample' where video_recording_id = $1", [
      recordingId,
    ]);
  const feedback = (jobId: string, start: number) =>
    one(
      `insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
         category, severity, confidence, message)
       values ($1, $2, $3::numeric, $3::numeric + 1, 'posture', 'low', 0.5, 'Keep your back straight.')`,
      [jobId, userId, start],
    );

  await client.query(
    `insert into public.voice_preferences (user_id, coach_voice_id)
     select $1, min(id) from public.coach_voices`,
    [userId],
  );
  await client.query(
    "insert into pipeline.user_quotas (user_id, stage, daily_attempts) values ($1, 'analysis', 5)",
    [userId],
  );
  const video = await recording("analysed.mp4", "completed");
  const analysed = await jobOf(video);
  await recording("waiting.mp4", "completed");
  await recording("uploading.mp4", "uploading");
  await insertSampleSessions(client, userId);
  await client.query(
    `insert into public.analysis_metrics (analysis_job_id, metric_key, metric_value, unit)
     values ($1, 'frame_rate', 29.97, 'fps'), ($1, 'steps', 4, null)`,
    [analysed],
  );
  const spoken = await feedback(analysed, 1);
  await feedback(analysed, 2.5);
  await client.query(
    `insert into public.analysis_ssml_segments (feedback_id, segment_index, ssml)
     values ($1, 0, '<speak>Keep</speak>'), ($1, 1, '<speak>going</speak>')`,
    [spoken],
  );
  await client.query(
    `insert into public.analysis_audio_segments
       (feedback_id, segment_index, audio_url, format, duration_ms, provider)
     values ($1, 0, $2 || '/sample.wav', 'wav', 900, 'sample')`,
    [spoken, userId],
  );
  await insertRender(one, userId, video);
  await insertRecords(client, userId, analysed);
  // Of no user: one more series each time.
  await client.query(
    `insert into pipeline.alerts (rule, labels, value, since)
     select 'stage_stuck', jsonb_build_object('stage', s.stage, 'sample', $1::text), 400, now()
     from (values ('analysis'), ('ssml')) as s (stage)`,
    [userId],
  );
}

/** What is told of a user's items and objects. */
async function insertRecords(client: pg.Client, userId: string, jobId: string): Promise<void> {
  await client.query(
    `insert into public.processing_timeline
       (user_id, stage, subject_id, attempt, started_at, ended_at, outcome)
     values ($1, 'analysis', $2, 1, now(), now(), 'completed')`,
    [userId, jobId],
  );
  await client.query(
    `insert into public.storage_operations
       (user_id, operation, bucket, path, outcome, milliseconds, function_name)
     values ($1::uuid, 'download', 'raw', $1::text || '/analysed.mp4', 'done', 5, 'ai-analyze-video')`,
    [userId],
  );
  await client.query(
    `with contact as (
       insert into public.contacts (user_id, contact_type, address, topics)
       values ($1::uuid, 'webhook', 'https://example.com/' || $1::text, array['feedback_ready'])
       returning id, user_id
     )
     insert into public.message_queue
       (contact_id, user_id, topic, contact_type, message_key, subject, body)
     select id, user_id, 'feedback_ready', 'webhook', 'sample', 'Ready', 'It is ready.' from contact`,
    [userId],
  );
  await client.query(
    "insert into public.deleted_recordings (id, user_id) values (-($2::bigint), $1)",
    [userId, jobId],
  );
}

/** A coached video that is shared, and a composition that is still empty. */
async function insertRender(
  one: (text: string, values: unknown[]) => Promise<string>,
  userId: string,
  recordingId: string,
): Promise<void> {
  const render = (recording: string | null) =>
    one(
      `insert into public.render_jobs (user_id, video_recording_id, format, width, height, fps)
       values ($1, $2, 'mp4', 1280, 720, 30)`,
      [userId, recording],
    );
  await render(null);
  const coached = await render(recordingId);
  const text = "insert into public.render_elements (render_job_id, element_type, text)";
  await one(`${text} values ($1, 'text', 'Well done.')`, [coached]);
  await one(`${text} values ($1, 'text', 'Once more.')`, [coached]);
  const link = (seconds: number) =>
    one(
      `insert into public.render_links (render_job_id, user_id, token_hash, expires_at)
       values ($1, $2::uuid, sha256(convert_to($2::text || $3, 'UTF8')),
         now() + make_interval(secs => $3::int))`,
      [coached, userId, String(seconds)],
    );
  await link(60);
  const opened = await link(3600);
  const log = "insert into public.url_access_logs (render_link_id, user_id, country)";
  await one(`${log} values ($1, $2, 'NZ')`, [opened, userId]);
  await one(`${log} values ($1, $2, null)`, [opened, userId]);
}
