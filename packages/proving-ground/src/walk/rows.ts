/** What the database holds, read in one go as the facts that the model makes as well. */
import { z } from "zod";
import type { Facts } from "./facts.ts";
import type { ItemName } from "./operations.ts";
import type { Stage } from "./transitions.ts";
import { nameOfUser } from "./users.ts";

/** The hour at which every walk begins. */
export const startOfTime = "2030-01-01 00:00:00+00";

const itemOf = (stage: Stage) => {
  const prefix = stage === "analysis" ? "" : `${stage}_`;
  return `jsonb_build_object(
  'place', r.${prefix}status, 'attempts', r.${prefix}attempts, 'errorCode', r.${prefix}error_code,
  'changedAt', walk.since_start(r.${prefix}updated_at), 'task', (
    select jsonb_build_object('attempts', t.attempts, 'turn', t.turn,
      'availableAt', walk.since_start(t.available_at), 'token', t.lease_token, 'losses', t.losses,
      'deferrals', t.deferrals, 'rounds', t.rounds, 'parked', t.parked,
      'deferredSeconds', t.deferred_seconds::float8, 'refused', t.refused is not null)
    from pipeline.tasks as t where t.stage = '${stage}' and t.subject_id = r.id))`;
};

const segmentsOf = (table: string) =>
  `(select coalesce(jsonb_agg(s.version order by s.segment_index), '[]')
    from public.${table} as s where s.feedback_id = r.id)`;

/** Of each row its name, its id where operations name it, and its facts. */
const namedRows = `
  with feedback as (
    select r.*, coalesce(v.filename, 'orphan') || '.' || r.start_seconds::int as name
    from public.analysis_feedback as r
    left join public.analysis_jobs as j on j.id = r.analysis_job_id
    left join public.video_recordings as v on v.id = j.video_recording_id
  )
  select 'recording ' || r.filename as name, r.id, jsonb_build_object('upload', r.upload_status,
    'awaited', exists (
      select from pipeline.tasks as t where t.stage = 'upload' and t.subject_id = r.id),
    'analysedBy', (
      select j.title from public.analysis_jobs as j where j.video_recording_id = r.id)) as facts
  from public.video_recordings as r
  union all
  select 'analysis ' || coalesce(v.filename, 'orphan'), r.id, ${itemOf("analysis")}
  from public.analysis_jobs as r
  left join public.video_recordings as v on v.id = r.video_recording_id
  union all
  select 'ssml ' || r.name, r.id, ${itemOf("ssml")} from feedback as r
  union all
  select 'audio ' || r.name, r.id, ${itemOf("audio")} from feedback as r
  union all
  select 'feedback ' || r.name, null, jsonb_build_object('words', r.message,
    'ssmlSegments', ${segmentsOf("analysis_ssml_segments")},
    'audioSegments', ${segmentsOf("analysis_audio_segments")})
  from feedback as r
  union all
  select 'queue ' || c.stage, null, jsonb_build_object(
    'served', case c.stage
      when 'analysis' then (select last_value from pipeline.analysis_served_turn)
      when 'ssml' then (select last_value from pipeline.ssml_served_turn)
      else (select last_value from pipeline.audio_served_turn) end,
    'mark', jsonb_build_object('turn', c.from_turn, 'next', c.next_turn,
      'movedAt', case when c.moved_at <> '-infinity' then walk.since_start(c.moved_at) end,
      'lookedAt', case when c.looked_at <> '-infinity' then walk.since_start(c.looked_at) end),
    'suspects', jsonb_build_object(
      'owners', (select coalesce(jsonb_agg(s order by s), '[]') from unnest(c.suspects) as s),
      'until', case when c.suspected_until <> '-infinity' then walk.since_start(c.suspected_until)
        else 0 end))
  from pipeline.stage_clocks as c where c.stage in ('analysis', 'ssml', 'audio')
  union all
  select l.provider, null, jsonb_build_object(
    'notBefore', walk.since_start(l.not_before), 'refused', to_jsonb(l.refused_users),
    'failing', to_jsonb(l.failing_users), 'openUntil', walk.since_start(l.open_until),
    'probes', l.probes, 'probeOwner', l.probe_user, 'probeToken', l.probe_token,
    'probeUntil', walk.since_start(l.probe_until))
  from pipeline.provider_limits as l
  union all
  select 'usage of ' || u.stage || ' ' || u.user_id || ' day ' || (u.day - date '2030-01-01'), null,
    to_jsonb(u.attempts)
  from pipeline.usage as u where u.attempts > 0`;

/** Installed in a clone: a function keeps its plans, a query would be planned at each step. */
export const walkFunctions = `
  create schema walk;
  grant usage on schema walk to service_role, authenticated;
  create function walk.since_start(at timestamptz) returns bigint language sql immutable
  return (extract(epoch from at - timestamptz '${startOfTime}') * 1000000)::bigint;
  create function walk.violations() returns setof text language plpgsql stable as $$ begin
    return query select v::text from pipeline.violations as v;
  end $$;
  create function walk.recognise(id bigint) returns int language plpgsql as $$
  declare
    v_count int;
  begin
    insert into storage.objects (bucket_id, name)
    select 'raw', v.storage_path from public.video_recordings as v where v.id = recognise.id;
    update pipeline.tasks as t set turn = 0 where t.stage = 'upload' and t.subject_id = recognise.id;
    v_count := pipeline.recognise_uploads();
    perform set_config('storage.allow_delete_query', 'true', true);
    delete from storage.objects where bucket_id = 'raw';
    return v_count;
  end $$;
  -- Definer: it is called in the role of whoever acts.
  create function walk.rows() returns text language plpgsql stable security definer as $$ begin
    return (
      select jsonb_build_object('facts', jsonb_object_agg(n.name, n.facts),
        'ids', coalesce(jsonb_object_agg(n.name, n.id) filter (where n.id is not null), '{}'),
        'retries', (
          select coalesce(jsonb_object_agg(r.stage || ' ' || r.subject_id, r.count), '{}')
          from pipeline.retries as r))
      from (
        select m.id, m.facts, m.name || case row_number() over (partition by m.name order by m.id)
          when 1 then '' else ', once more' end as name
        from (${namedRows}) as m
      ) as n)::text;
  end $$;`;

const rowsOfDatabase = z.object({
  facts: z.record(z.string(), z.unknown()),
  ids: z.record(z.string(), z.number()),
  retries: z.record(z.string(), z.number()),
});
const withSegments = z.object({ ssmlSegments: z.array(z.string()) });

/** Ids by name, of rows that are gone as well; tokens by `worker item`. */
export interface Footing {
  ids: ReadonlyMap<string, number>;
  tokens: ReadonlyMap<string, string>;
  ssmlSegmentCounts: ReadonlyMap<ItemName, number>;
}

export const noFooting: Footing = {
  ids: new Map(),
  tokens: new Map(),
  ssmlSegmentCounts: new Map(),
};

/** @param rows what `walk.rows()` answered */
export function readRows(rows: string, before: Footing): { facts: Facts; footing: Footing } {
  const holders = new Map([...before.tokens].map(([key, token]) => [token, key]));
  const named = rows.replaceAll(
    /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
    (id) => nameOfUser(id) ?? holders.get(id) ?? "nobody",
  );
  const { facts, ids: found, retries } = rowsOfDatabase.parse(JSON.parse(named));
  const ids = new Map([...before.ids, ...Object.entries(found)]);
  for (const [name, id] of ids) {
    const count = retries[`${name.slice(0, name.indexOf(" "))} ${id}`];
    if (count !== undefined) facts[`retries of ${name}`] = count;
  }
  const ssmlSegmentCounts = new Map(
    Object.entries(facts).flatMap(([name, fact]): [ItemName, number][] => {
      const [, feedback] = /^feedback (\w+\.\d+)$/.exec(name) ?? [];
      if (feedback === undefined) return [];
      const audio = `audio ${feedback}` as ItemName;
      return [[audio, withSegments.parse(fact).ssmlSegments.length]];
    }),
  );
  return { facts, footing: { tokens: before.tokens, ids, ssmlSegmentCounts } };
}
