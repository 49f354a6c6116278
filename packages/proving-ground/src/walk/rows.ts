/** What the database holds, read in one go and put into the lines that the model makes as well. */
import { z } from "zod";
import type { ItemName } from "./operations.ts";
import {
  countLine,
  feedbackLine,
  itemLine,
  limitLine,
  queueLine,
  recordingLine,
} from "./state-lines.ts";
import type { Stage } from "./transitions.ts";
import { nameOfUser } from "./users.ts";

/** The hour at which every walk begins. */
export const startOfTime = "2030-01-01 00:00:00+00";

const itemColumns = (stage: Stage) => {
  const prefix = stage === "analysis" ? "" : `${stage}_`;
  return `jsonb_build_object(
  'place', r.${prefix}status, 'attempts', r.${prefix}attempts, 'errorCode', r.${prefix}error_code,
  'changedAt', walk.since_start(r.${prefix}updated_at), 'task', (
    select jsonb_build_object('attempts', t.attempts, 'turn', t.turn,
      'availableAt', walk.since_start(t.available_at), 'token', t.lease_token, 'losses', t.losses,
      'deferrals', t.deferrals, 'rounds', t.rounds, 'parked', t.parked,
      'deferredSeconds', t.deferred_seconds, 'refused', t.refused is not null)
    from pipeline.tasks as t where t.stage = '${stage}' and t.subject_id = r.id))`;
};

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
  create function walk.rows() returns jsonb language plpgsql stable security definer as $$ begin
    return jsonb_build_object(
      'queues', (select jsonb_object_agg(c.stage, jsonb_build_object(
        'served', case c.stage
          when 'analysis' then (select last_value from pipeline.analysis_served_turn)
          when 'ssml' then (select last_value from pipeline.ssml_served_turn)
          else (select last_value from pipeline.audio_served_turn) end,
        'mark', jsonb_build_object('turn', c.from_turn, 'next', c.next_turn, 'movedAt',
          case when c.moved_at <> '-infinity' then walk.since_start(c.moved_at) end,
          'lookedAt', case when c.looked_at <> '-infinity' then walk.since_start(c.looked_at) end),
        'suspects', jsonb_build_object('owners', to_jsonb(c.suspects), 'until', case
          when c.suspected_until <> '-infinity' then walk.since_start(c.suspected_until)
          else 0 end)))
        from pipeline.stage_clocks as c where c.stage in ('analysis', 'ssml', 'audio')),
      'limits', (select jsonb_object_agg(l.provider, jsonb_build_object(
        'notBefore', walk.since_start(l.not_before), 'refused', to_jsonb(l.refused_users),
        'failing', to_jsonb(l.failing_users), 'openUntil', walk.since_start(l.open_until),
        'probes', l.probes, 'probeOwner', l.probe_user, 'probeToken', l.probe_token,
        'probeUntil', walk.since_start(l.probe_until)))
        from pipeline.provider_limits as l),
      'usage', (select coalesce(jsonb_object_agg(u.user_id || ' ' || u.stage || ' '
        || (u.day - date '2030-01-01'), u.attempts), '{}')
        from pipeline.usage as u where u.attempts > 0),
      'retries', (select coalesce(jsonb_object_agg(r.stage || ' ' || r.subject_id, r.count), '{}')
        from pipeline.retries as r),
      'recordings', (select coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id, 'name', r.filename, 'upload', r.upload_status, 'awaited', exists (
          select from pipeline.tasks as t where t.stage = 'upload' and t.subject_id = r.id))), '[]')
        from public.video_recordings as r),
      'jobs', (select coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id, 'recordingId', r.video_recording_id, 'analysedBy', r.title,
        'item', ${itemColumns("analysis")})), '[]') from public.analysis_jobs as r),
      'feedback', (select coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id, 'jobId', r.analysis_job_id, 'index', r.start_seconds, 'words', r.message,
        'ssml', ${itemColumns("ssml")}, 'audio', ${itemColumns("audio")},
        'ssmlSegments', (select coalesce(jsonb_agg(s.version order by s.segment_index), '[]')
          from public.analysis_ssml_segments as s where s.feedback_id = r.id),
        'audioSegments', (select coalesce(jsonb_agg(s.version order by s.segment_index), '[]')
          from public.analysis_audio_segments as s where s.feedback_id = r.id)
        )), '[]') from public.analysis_feedback as r));
  end $$;`;

const moment = z.number().nullable();

const itemRow = z.object({
  place: z.string(),
  attempts: z.number(),
  errorCode: z.string().nullable(),
  changedAt: z.number(),
  task: z
    .object({
      attempts: z.number(),
      turn: z.number().nullable(),
      availableAt: z.number(),
      token: z.string().nullable(),
      losses: z.number(),
      deferrals: z.number(),
      rounds: z.number(),
      parked: z.boolean(),
      deferredSeconds: z.number(),
      refused: z.boolean(),
    })
    .nullable(),
});

const rowsOfDatabase = z.object({
  queues: z.record(
    z.string(),
    z.object({
      served: z.number(),
      mark: z.object({ turn: z.number(), next: z.number(), movedAt: moment, lookedAt: moment }),
      suspects: z.object({ owners: z.array(z.string()), until: z.number() }),
    }),
  ),
  limits: z.record(
    z.string(),
    z.object({
      notBefore: moment,
      refused: z.array(z.string()),
      failing: z.array(z.string()),
      openUntil: moment,
      probes: z.number(),
      probeOwner: z.string().nullable(),
      probeToken: z.string().nullable(),
      probeUntil: moment,
    }),
  ),
  usage: z.record(z.string(), z.number()),
  retries: z.record(z.string(), z.number()),
  recordings: z.array(
    z.object({ id: z.number(), name: z.string(), upload: z.string(), awaited: z.boolean() }),
  ),
  jobs: z.array(
    z.object({
      id: z.number(),
      recordingId: z.number(),
      analysedBy: z.string().nullable(),
      item: itemRow,
    }),
  ),
  feedback: z.array(
    z.object({
      id: z.number(),
      jobId: z.number(),
      index: z.number(),
      words: z.string(),
      ssml: itemRow,
      audio: itemRow,
      ssmlSegments: z.array(z.string()),
      audioSegments: z.array(z.string()),
    }),
  ),
});

/** Ids by name, of rows that are gone as well; tokens by `worker item`. */
export interface Footing {
  ids: ReadonlyMap<ItemName | `recording ${string}`, number>;
  tokens: ReadonlyMap<string, string>;
  ssmlSegmentCounts: ReadonlyMap<ItemName, number>;
}

export const noFooting: Footing = {
  ids: new Map(),
  tokens: new Map(),
  ssmlSegmentCounts: new Map(),
};

/** @param rows what `walk.rows()` answered */
export function readRows(rows: unknown, before: Footing): { lines: string[]; footing: Footing } {
  const { recordings, jobs, feedback, queues, limits, usage, retries } = rowsOfDatabase.parse(rows);
  const ids = new Map(before.ids);
  const ssmlSegmentCounts = new Map<ItemName, number>();
  const lines = [
    ...Object.entries(queues).map(([stage, queue]) => {
      const owners = queue.suspects.owners.map(nameOfUser);
      return queueLine(stage, { ...queue, suspects: { ...queue.suspects, owners } });
    }),
    ...Object.entries(limits).map(([provider, limit]) =>
      limitLine(provider, {
        ...limit,
        refused: limit.refused.map(nameOfUser),
        failing: limit.failing.map(nameOfUser),
        probeOwner: limit.probeOwner && nameOfUser(limit.probeOwner),
        probedBy: holderOf(before, limit.probeToken),
      }),
    ),
    ...Object.entries(usage).flatMap(([key, count]) => {
      const [user = "", stage, day] = key.split(" ");
      return countLine("usage", `${stage} ${nameOfUser(user)} day ${day}`, count);
    }),
  ];
  const itemLineOf = (name: ItemName, row: z.infer<typeof itemRow>) =>
    itemLine({
      ...row,
      name,
      holder: holderOf(before, row.task?.token ?? null)?.split(" ")[0] ?? null,
    });
  const nameOfRecording = new Map(recordings.map(({ id, name }) => [id, name]));
  const nameOfJob = new Map(
    jobs.map(({ id, recordingId }) => [id, nameOfRecording.get(recordingId) ?? "orphan"]),
  );
  for (const { id, name, upload, awaited } of recordings) {
    const analysedBy = jobs.find(({ recordingId }) => recordingId === id)?.analysedBy ?? null;
    ids.set(`recording ${name}`, id);
    lines.push(recordingLine({ name, upload, awaited, analysedBy }));
  }
  for (const { id, item } of jobs) {
    const name = `analysis ${nameOfJob.get(id)}` as const;
    ids.set(name, id);
    lines.push(itemLineOf(name, item));
  }
  for (const row of feedback) {
    const name = `${nameOfJob.get(row.jobId)}.${row.index}` as const;
    ids.set(`ssml ${name}`, row.id).set(`audio ${name}`, row.id);
    ssmlSegmentCounts.set(`audio ${name}`, row.ssmlSegments.length);
    lines.push(feedbackLine({ ...row, name }));
    lines.push(itemLineOf(`ssml ${name}`, row.ssml), itemLineOf(`audio ${name}`, row.audio));
  }
  for (const [name, id] of ids) {
    const count = retries[`${name.slice(0, name.indexOf(" "))} ${id}`];
    if (count !== undefined) lines.push(countLine("retries", name, count));
  }
  return { lines: lines.sort(), footing: { tokens: before.tokens, ids, ssmlSegmentCounts } };
}

/** `worker item`, of the worker who was given the token. */
function holderOf({ tokens }: Footing, token: string | null): string | null {
  if (token === null) return null;
  for (const [key, held] of tokens) {
    if (held === token) return key;
  }
  return "nobody";
}
