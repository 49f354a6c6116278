import type { TestUser } from "../../support/create-user.ts";
import type { RecordedStack } from "./recorded-stack.ts";

/** The latest job, as if it had failed. */
export async function failedJob({ db }: RecordedStack): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `update public.analysis_jobs set status = 'failed', error_code = 'internal_error'
     where id = (select max(id) from public.analysis_jobs) returning id::int`,
  );
  return rows[0]?.id ?? 0;
}

const sentence = "Bend your knees a little earlier.";

/** Remarks that wait for a stage, each of so many sentences. */
export async function remarks(
  { db }: RecordedStack,
  { userId }: TestUser,
  count: number,
  stage: "ssml" | "audio",
  sentences = 1,
): Promise<void> {
  const isAudio = stage === "audio";
  const { rows } = await db.query<{ id: number }>(
    `insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
       category, severity, confidence, message, ssml_status)
     select (select max(id) from public.analysis_jobs), $1, 1, 2, 'motion', 'low', 0.5, $2, $3
     from generate_series(1, $4) returning id::int`,
    [userId, `${sentence} `.repeat(sentences), isAudio ? "completed" : "queued", count],
  );
  if (!isAudio) return;
  const ids = rows.map(({ id }) => id);
  await db.query(
    `insert into public.analysis_ssml_segments (feedback_id, ssml) select unnest($1::bigint[]), $2`,
    [ids, `<speak>${`<s>${sentence}</s>`.repeat(sentences)}</speak>`],
  );
  await db.query("select pipeline.enqueue('audio', $1::bigint[], $2::uuid[])", [
    ids,
    ids.map(() => userId),
  ]);
}

/** The recording with the most remarks that are spoken. */
export async function coached({ db }: RecordedStack): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `select j.video_recording_id::int as id from public.analysis_jobs as j
     where j.id = (select max(id) from public.analysis_jobs)`,
  );
  return rows[0]?.id ?? 0;
}

/** Sessions whose brief is to be drafted from one sentence. */
export async function briefs(
  { db }: RecordedStack,
  { userId }: TestUser,
  count: number,
): Promise<void> {
  await db.query(
    `with s as (
       insert into public.sessions (user_id, title, request)
       select $1, 'First serve', 'toss height, left arm; skip the footwork' from generate_series(1, $2)
       returning id, user_id
     )
     insert into public.session_drafts (session_id, user_id) select id, user_id from s`,
    [userId, count],
  );
}

/** Messages by mail to one user. */
export async function messages(
  { db }: RecordedStack,
  { userId }: TestUser,
  count: number,
): Promise<void> {
  await db.query(
    `with c as (
       insert into public.contacts (user_id, contact_type, address, topics)
       select id, 'email', email, '{feedback_ready}' from auth.users where id = $1
       returning id
     )
     insert into public.message_queue
       (contact_id, user_id, topic, contact_type, message_key, subject, body)
     select c.id, $1, 'feedback_ready', 'email', 'bench ' || i, 'Your feedback is ready', 'Listen.'
     from c, generate_series(1, $2) as i`,
    [userId, count],
  );
}
