import { connect, query } from "../../connect.ts";

import { words } from "./contestant.ts";

const owners = 20;
const jobsPerOwner = 10;

/** Recordings and jobs of a few owners, `history` feedback rows that are all done, and no caps. */
export async function prepareSideline(adminUrl: string, history: number): Promise<void> {
  const client = await connect(adminUrl);
  try {
    // History is written as it will lie there; triggers would queue it all first.
    await client.query("set session_replication_role = replica");
    await client.query(
      `insert into auth.users (id, email)
       select gen_random_uuid(), 'owner-' || n || '@bench.test' from generate_series(1, $1) as n`,
      [owners],
    );
    await client.query(
      `insert into public.video_recordings
         (user_id, filename, storage_path, upload_status, duration_seconds)
       select u.id, 'clip.mp4', u.id || '/' || n || '.mp4', 'completed', 60
       from auth.users as u cross join generate_series(1, $1::int) as n`,
      [jobsPerOwner],
    );
    await client.query(
      `insert into public.analysis_jobs (video_recording_id, user_id, status, attempts, coach)
       select v.id, v.user_id, 'completed', 1, '{}' from public.video_recordings as v`,
    );
    await client.query(
      `insert into public.analysis_feedback (
         analysis_job_id, user_id, start_seconds, end_seconds, category, severity, confidence,
         message, drill, ssml_status, ssml_attempts, audio_status, audio_attempts)
       select j.id, j.user_id, n % 60, n % 60 + 1, 'balance', 'low', 0.9, $2, $3,
         'completed', 1, 'completed', 1
       from generate_series(1, $1::int) as n
       join public.analysis_jobs as j on j.id = 1 + n % ${owners * jobsPerOwner}`,
      [history, words.message, words.drill],
    );
    await client.query(
      `insert into public.analysis_ssml_segments (feedback_id, ssml, provider, version)
       select f.id, $1, 'bench', '1' from public.analysis_feedback as f`,
      [words.ssml],
    );
    await client.query(
      `insert into public.analysis_audio_segments
         (feedback_id, audio_url, format, duration_ms, provider, version)
       select f.id, f.user_id || '/' || f.id || '.wav', 'wav', 3000, 'bench', '1'
       from public.analysis_feedback as f`,
    );
    // The slots of a stage: as delivered they would hold the workers of the bench back.
    await client.query("update pipeline.stages set max_concurrency = null");
    await client.query("vacuum (analyze)");
  } finally {
    await client.end();
  }
}

/** New feedback through the ordinary insert and its triggers, in sets of several owners. */
export const insertFeedback = `
  insert into public.analysis_feedback (
    analysis_job_id, user_id, start_seconds, end_seconds, category, severity, confidence,
    message, drill)
  select j.id, j.user_id, n % 60, n % 60 + 1, 'balance', 'low', 0.9, $2, $3
  from generate_series(1, $1::int) as n
  join public.analysis_jobs as j on j.id = 1 + n % ${owners * jobsPerOwner}`;

export async function unfinishedFeedback(url: string): Promise<number> {
  const [row] = await query<{ n: number }>(
    url,
    `select count(*)::int as n from public.analysis_feedback
     where ssml_status in ('queued', 'processing')`,
  );
  return row?.n ?? 0;
}

/**
 * The same rows and tasks as the trigger leaves, turns and all, but worked out for the whole set: a
 * million of them in half a minute.
 */
const insertReadyFeedback = `
  with fed as (
    insert into public.analysis_feedback (
      analysis_job_id, user_id, start_seconds, end_seconds, category, severity, confidence,
      message, drill)
    select j.id, j.user_id, n % 60, n % 60 + 1, 'balance', 'low', 0.9, $2, $3
    from generate_series(1, $1::int) as n
    join public.analysis_jobs as j on j.id = 1 + n % ${owners * jobsPerOwner}
    order by n
    returning id, user_id
  )
  insert into pipeline.tasks (stage, subject_id, user_id, turn, available_at)
  select 'ssml', f.id, f.user_id, l.turn + row_number() over (partition by f.user_id order by f.id),
    pipeline.now()
  from fed as f
  join (
    select u.id as user_id,
      pipeline.last_turn('ssml', u.id, pipeline.served_turn('ssml')) as turn
    from auth.users as u
  ) as l on l.user_id = f.user_id
  order by f.id`;

export async function fillSideline(adminUrl: string, depth: number): Promise<void> {
  const client = await connect(adminUrl);
  try {
    const missing = depth - (await unfinishedFeedback(adminUrl));
    if (missing > 0) {
      // Neither triggers nor foreign keys are asked.
      await client.query("set session_replication_role = replica");
      await client.query(insertReadyFeedback, [missing, words.message, words.drill]);
    }
    await client.query("vacuum (analyze) pipeline.tasks");
    await client.query("vacuum (analyze) public.analysis_feedback");
    await client.query("vacuum (analyze) public.analysis_ssml_segments");
  } finally {
    await client.end();
  }
}
