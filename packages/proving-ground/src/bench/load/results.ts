import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { percentile } from "../spread.ts";

/** What the database has to say of a run. */
export interface Results {
  recordings: number;
  remarks: number;
  /** Items that were neither completed nor failed when it was waited for long enough. */
  unfinished: number;
  failed: { stage: string; error_code: string; items: number }[];
  violations: number;
  /** Milliseconds, of every attempt. */
  stages: { stage: string; attempts: number; waited: number[]; worked: number[] }[];
  outcomes: { outcome: string; attempts: number }[];
  /** Milliseconds from a remark until it can be heard, and from the upload until all can. */
  remarkSpoken: number[];
  recordingSpoken: number[];
  bytes: number;
}

/** Waits until the queue is empty. @returns how many tasks are left when that takes too long */
export async function drained(db: pg.Client, withinSeconds: number): Promise<number> {
  const ends = performance.now() + withinSeconds * 1000;
  for (;;) {
    const { rows } = await db.query<{ left: number }>(
      "select count(*)::int as left from pipeline.tasks",
    );
    const left = rows[0]?.left ?? 0;
    if (left === 0 || performance.now() > ends) return left;
    await sleep(500);
  }
}

export async function databaseBytes(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ bytes: string }>(
    "select pg_database_size(current_database()) as bytes",
  );
  return Number(rows[0]?.bytes);
}

export async function resultsOf(db: pg.Client): Promise<Omit<Results, "unfinished" | "bytes">> {
  const read = async <Row extends pg.QueryResultRow>(query: string) =>
    (await db.query<Row>(query)).rows;
  const spoken = await read<{ remark: number; recording: number }>(
    `select extract(epoch from f.audio_updated_at - f.created_at)::float8 * 1000 as remark,
       extract(epoch from max(f.audio_updated_at) over (partition by j.id) - j.created_at)::float8
         * 1000 as recording
     from public.analysis_feedback as f
     join public.analysis_jobs as j on j.id = f.analysis_job_id
     where f.audio_status = 'completed'`,
  );
  const [counts] = await read<{ recordings: number; remarks: number; violations: number }>(
    `select (select count(*) from public.video_recordings)::int as recordings,
       (select count(*) from public.analysis_feedback)::int as remarks,
       (select count(*) from pipeline.violations)::int as violations`,
  );
  return {
    ...(counts ?? { recordings: 0, remarks: 0, violations: 0 }),
    failed: await read(
      `select i.stage, coalesce(i.error_code, '') as error_code, count(*)::int as items
       from pipeline.items() as i where i.status = 'failed' group by 1, 2 order by 3 desc`,
    ),
    stages: await read(
      `select p.stage, count(*)::int as attempts,
         array_agg(extract(epoch from p.started_at - p.queued_at)::float8 * 1000) as waited,
         array_agg(extract(epoch from p.ended_at - p.started_at)::float8 * 1000) as worked
       from public.processing_timeline as p
       join pipeline.stages as s on s.stage = p.stage
       where p.step is null group by p.stage, s.place order by s.place`,
    ),
    outcomes: await read(
      `select p.outcome, count(*)::int as attempts from public.processing_timeline as p
       where p.step is null group by 1 order by 2 desc`,
    ),
    remarkSpoken: spoken.map(({ remark }) => remark),
    recordingSpoken: spoken.map(({ recording }) => recording),
  };
}

export const p95 = (values: readonly number[]) => percentile(values, 0.95);
