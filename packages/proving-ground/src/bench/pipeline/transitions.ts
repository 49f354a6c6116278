import pg from "pg";

/**
 * Notes in the bench's own database when an item becomes ready and when it is claimed. Times are
 * the server's clock inside the transaction, so a few milliseconds before the commit.
 */
const noteTransitions = `
  create schema bench;
  create table bench.transitions (stage text, item bigint, status text, at timestamptz);
  create function bench.note() returns trigger language plpgsql security definer
  set search_path = '' as $$
  begin
    insert into bench.transitions
    values (tg_argv[0], new.id, to_jsonb(new) ->> tg_argv[1], clock_timestamp());
    return null;
  end $$;
  create trigger bench_analysis_new after insert on public.analysis_jobs
  for each row execute function bench.note('analysis', 'status');
  create trigger bench_analysis after update on public.analysis_jobs
  for each row when (new.status <> old.status)
  execute function bench.note('analysis', 'status');
  create trigger bench_ssml_new after insert on public.analysis_feedback
  for each row execute function bench.note('ssml', 'ssml_status');
  create trigger bench_ssml after update on public.analysis_feedback
  for each row when (new.ssml_status <> old.ssml_status)
  execute function bench.note('ssml', 'ssml_status');
  -- Queued from the beginning, but ready only with its SSML.
  create trigger bench_audio after update on public.analysis_feedback
  for each row when (
    new.audio_status <> old.audio_status
    or (new.ssml_status <> old.ssml_status and new.ssml_status = 'completed')
  )
  execute function bench.note('audio', 'audio_status');`;

/** Milliseconds from ready to claimed, of each item that was claimed at its first attempt. */
const waits = `
  select r.stage, extract(epoch from min(c.at) - min(r.at))::float8 * 1000 as ms
  from bench.transitions as r
  join bench.transitions as c
    on c.stage = r.stage and c.item = r.item and c.status = 'processing'
  where r.status = 'queued'
  group by r.stage, r.item`;

export interface Transitions {
  waits(): Promise<{ stage: string; ms: number }[]>;
  close(): Promise<void>;
}

/** @param adminDbUrl of a database that is thrown away afterwards */
export async function noteReadyAndClaimed(adminDbUrl: string): Promise<Transitions> {
  const client = new pg.Client(adminDbUrl);
  await client.connect();
  await client.query(noteTransitions);
  return {
    async waits() {
      return (await client.query<{ stage: string; ms: number }>(waits)).rows;
    },
    close: () => client.end(),
  };
}
