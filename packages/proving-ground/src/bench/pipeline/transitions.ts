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
  declare
    v_prefix text := tg_argv[1];
    v_new jsonb := to_jsonb(new);
    v_old jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) end;
    v_status text := v_new ->> (v_prefix || 'status');
  begin
    -- Queued without a time is not ready: its input is missing.
    if v_new ->> (v_prefix || 'available_at') is not null
      and (v_status, (v_old ->> (v_prefix || 'available_at')) is null)
        is distinct from (v_old ->> (v_prefix || 'status'), false)
    then
      insert into bench.transitions values (tg_argv[0], new.id, v_status, clock_timestamp());
    end if;
    return null;
  end $$;
  create trigger bench_analysis after insert or update on public.analysis_jobs
  for each row execute function bench.note('analysis', '');
  create trigger bench_ssml after insert or update on public.analysis_feedback
  for each row execute function bench.note('ssml', 'ssml_');
  create trigger bench_audio after insert or update on public.analysis_feedback
  for each row execute function bench.note('audio', 'audio_');`;

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
