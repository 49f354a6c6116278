import type { Sql } from "@sideline/local-stack";
import { type Finding, nothingBreaks } from "./finding.ts";

/** Every item of every recording, as SQL: `stage, id, status, error_code, has_task`. */
const items = `
  select i.stage, i.id, i.status, i.error_code, t.stage is not null as has_task
  from pipeline.items() as i
  left join pipeline.tasks as t on t.stage = i.stage and t.subject_id = i.id
  where i.stage <> 'upload'`;

export interface ItemCount {
  stage: string;
  status: string;
  error_code: string | null;
  count: number;
}

/** Items that somebody still has to do. Audio whose SSML has failed waits for nobody. */
export async function countOpen(sql: Sql): Promise<number> {
  const { rows } = await sql.run<{ open: number }>(`
    select count(*)::int as open from (${items}) as i
    where has_task or status = 'processing'`);
  return rows[0]?.open ?? 0;
}

export async function countItems(sql: Sql): Promise<ItemCount[]> {
  const { rows } = await sql.run<ItemCount>(`
    select stage, case when status = 'queued' and not has_task then 'waiting' else status end
      as status, case when status = 'failed' then error_code end as error_code, count(*)::int as count
    from (${items}) as i
    group by 1, 2, 3
    order by array_position('{analysis,ssml,audio}', stage), 2, 3`);
  return rows;
}

/** @param added recordings whose owners have been told that they are there */
export async function judgeNoneLost(sql: Sql, added: number): Promise<Finding[]> {
  const [found] = await sql<{ recordings: number }>`
    select count(*)::int as recordings from public.video_recordings`;
  const { rows: open } = await sql.run(`
    select stage, id::int, status from (${items}) as i
    where has_task or status = 'processing'`);
  const orphans = await sql`
    select v.id::int as recording, count(j.id)::int as jobs
    from public.video_recordings as v
    left join public.analysis_jobs as j on j.video_recording_id = v.id
    group by v.id having count(j.id) <> 1`;
  const stuck = await sql`
    select f.id::int as feedback, f.ssml_status, f.audio_status from public.analysis_feedback as f
    where f.audio_status = 'queued' and f.ssml_status <> 'failed' and not exists (
      select from pipeline.tasks as t where t.stage = 'audio' and t.subject_id = f.id
    )`;
  const isComplete = found?.recordings === added;
  return [
    {
      promise: "every recording that an app added is there",
      kept: isComplete,
      detail: isComplete ? "" : `${found?.recordings} of ${added}`,
    },
    nothingBreaks("every recording has one job", orphans),
    nothingBreaks("every item is completed or failed", open),
    nothingBreaks("audio waits only where its SSML has failed", stuck),
  ];
}

/** @param remarks feedback that the clip gets when nothing goes wrong */
export async function judgeNoneTwice(sql: Sql, remarks: number): Promise<Finding[]> {
  const completions = await sql`
    select stage, id::int, count(*)::int as times from chaos.transitions
    where 'completed' in (from_status, to_status)
    group by stage, id
    having count(*) filter (where to_status = 'completed')
      > 1 + count(*) filter (where sent_back)`;
  const rewrites = await sql`
    select t.stage, t.id::int, t.from_status, t.to_status from chaos.transitions as t
    where (t.from_status in ('completed', 'failed') and not t.sent_back)
      or (t.to_status = 'completed' and not exists (
        select from chaos.leases as l
        where l.xact = t.xact and l.stage = t.stage and l.id = t.id and l.next_token is null
      ))`;
  const repeated = await sql`
    select j.id::int as job, count(f.id)::int as remarks
    from public.analysis_jobs as j
    left join public.analysis_feedback as f on f.analysis_job_id = j.id
      and not exists (select from chaos.added_feedback as a where a.feedback_id = f.id)
    where j.status = 'completed'
    group by j.id having count(f.id) <> ${remarks}`;
  const halfWritten = await sql`
    select j.id::int as job from public.analysis_jobs as j
    where j.status <> 'completed'
      and exists (select from public.analysis_feedback as f where f.analysis_job_id = j.id)`;
  const overtried = await sql`
    select i.stage, i.id::int, i.attempts from pipeline.items() as i
    join pipeline.stages as s using (stage)
    where i.attempts > s.max_attempts`;
  return [
    nothingBreaks("nothing is tried more often than it may be", overtried),
    nothingBreaks("nothing is completed twice", completions),
    nothingBreaks("what is done stays done, and only who holds it can do it", rewrites),
    nothingBreaks(`every analysis has its ${remarks} remarks, no more and no fewer`, repeated),
    nothingBreaks("what failed has left nothing half-written", halfWritten),
  ];
}

export async function judgeSegments(sql: Sql): Promise<Finding[]> {
  const segments = await sql`
    select f.id::int as feedback, s.found as ssml, a.found as audio
    from public.analysis_feedback as f
    cross join lateral (
      select array_agg(segment_index order by segment_index) as found
      from public.analysis_ssml_segments where feedback_id = f.id
    ) as s
    cross join lateral (
      select array_agg(segment_index order by segment_index) as found
      from public.analysis_audio_segments where feedback_id = f.id
    ) as a
    where f.ssml_status = 'completed'
        and s.found is distinct from array(select generate_series(0, cardinality(s.found) - 1))
      or f.audio_status = 'completed' and a.found is distinct from s.found
      or f.audio_status <> 'completed' and a.found is not null`;
  const violations = await sql`select * from pipeline.violations`;
  return [
    nothingBreaks("every feedback has exactly its segments", segments),
    nothingBreaks("pipeline.violations is empty", violations),
  ];
}
