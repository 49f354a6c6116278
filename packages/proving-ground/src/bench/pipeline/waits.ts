import type pg from "pg";

/** Milliseconds that items were ready before they were first claimed, as the timeline tells. */
export async function waitsUntilClaimed(db: pg.Client): Promise<{ stage: string; ms: number }[]> {
  const { rows } = await db.query<{ stage: string; ms: number }>(
    `select p.stage, extract(epoch from p.started_at - p.queued_at)::float8 * 1000 as ms
     from public.processing_timeline as p
     where p.step is null and p.attempt = 1 and p.queued_at is not null`,
  );
  return rows;
}
