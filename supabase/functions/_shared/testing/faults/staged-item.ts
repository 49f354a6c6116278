import { randomUUID } from "node:crypto";
import type { Stage } from "@sideline/contracts";
import type pg from "pg";

/** One ready item of a stage, of an owner of its own. */
export interface StagedItem {
  stage: Stage;
  id: number;
  recordingId: number;
}

/** Tests only: queues one item, as the stages before it would. `db` may write `auth.users`. */
export async function stageItem(db: pg.Client, stage: Stage): Promise<StagedItem> {
  const user = randomUUID();
  await db.query("insert into auth.users (id, email) values ($1, $2)", [user, `${user}@test.test`]);
  if (stage === "draft") return await stageDraft(db, user);
  const { rows: recordings } = await db.query(
    `insert into public.video_recordings (user_id, filename, storage_path, mime_type, upload_status)
     values ($1, 'clip.mp4', $2, 'video/mp4', 'completed') returning id::int`,
    [user, `${user}/clip.mp4`],
  );
  const recordingId: number = recordings[0].id;
  const { rows: jobs } = await db.query(
    "select id::int from public.analysis_jobs where video_recording_id = $1",
    [recordingId],
  );
  if (stage === "analysis") return { stage, id: jobs[0].id, recordingId };
  await db.query(
    `with done as (update public.analysis_jobs set status = 'completed' where id = $1)
     delete from pipeline.tasks where stage = 'analysis' and subject_id = $1`,
    [jobs[0].id],
  );
  const { rows: feedback } = await db.query(
    `insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
       category, severity, confidence, message, ssml_status)
     values ($1, $2, 1, 2, 'motion', 'low', 0.5, 'Bend your knees.', $3) returning id::int`,
    [jobs[0].id, user, stage === "ssml" ? "queued" : "completed"],
  );
  const id: number = feedback[0].id;
  if (stage === "audio") {
    await db.query(
      `insert into public.analysis_ssml_segments (feedback_id, ssml)
       values ($1, '<speak>Bend your knees.</speak>')`,
      [id],
    );
    await db.query("select pipeline.enqueue('audio', array[$1::bigint], array[$2::uuid])", [
      id,
      user,
    ]);
  }
  return { stage, id, recordingId };
}

async function stageDraft(db: pg.Client, user: string): Promise<StagedItem> {
  const { rows } = await db.query(
    `with session as (
       insert into public.sessions (user_id, request) values ($1, 'Look at the knees')
       returning id, user_id
     )
     select id::int from session`,
    [user],
  );
  const { rows: drafts } = await db.query(
    `insert into public.session_drafts (session_id, user_id) values ($1, $2) returning id::int`,
    [rows[0].id, user],
  );
  return { stage: "draft", id: drafts[0].id, recordingId: 0 };
}

/** What became of it. `delay` is in seconds from now; null where it waits for nothing. */
export interface ItemState {
  status: string;
  attempts: number;
  errorCode: string | null;
  lastError: string | null;
  delay: number | null;
  /** Rows that its stage would write. */
  written: number;
}

export async function stateOf(db: pg.Client, item: StagedItem): Promise<ItemState> {
  const { rows } = await db.query(
    `select i.status, i.attempts, i.error_code as "errorCode", i.last_error as "lastError",
       extract(epoch from t.available_at - pipeline.now())::float8 as delay, (
         case $2
           when 'analysis' then (select count(*) from public.analysis_feedback as f
             where f.analysis_job_id = i.id)
           when 'ssml' then (select count(*) from public.analysis_ssml_segments as s
             where s.feedback_id = i.id)
           when 'draft' then (select count(*) from public.session_revisions as r
             join public.session_drafts as d on d.session_id = r.session_id
             where d.id = i.id and r.cause = 'drafted')
           else (select count(*) from public.analysis_audio_segments as s
             where s.feedback_id = i.id)
         end
       )::int as written
     from pipeline.${item.stage}_items as i
     left join pipeline.tasks as t on t.stage = $2 and t.subject_id = i.id
     where i.id = $1`,
    [item.id, item.stage],
  );
  return rows[0];
}
