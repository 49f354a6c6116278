/** What the database holds, read in one go and put into the lines that the model makes as well. */
import { z } from "zod";
import type { ItemName } from "./operations.ts";
import { feedbackLine, itemLine, limitLine, queueLine, recordingLine } from "./state-lines.ts";

/** The hour at which every walk begins. */
export const startOfTime = "2030-01-01 00:00:00+00";

const itemColumns = (prefix: "" | "ssml_" | "audio_") => `jsonb_build_object(
  'place', r.${prefix}status, 'attempts', r.${prefix}attempts,
  'availableAt', walk.since_start(r.${prefix}available_at), 'turn', r.${prefix}turn, 'token', r.${prefix}lease_token,
  'deferredSeconds', r.${prefix}deferred_seconds, 'errorCode', r.${prefix}error_code,
  'changedAt', walk.since_start(r.${prefix}updated_at))`;

/** Installed in a clone: a function keeps its plans, a query would be planned at each step. */
export const rowsFunction = `
  create schema walk;
  grant usage on schema walk to service_role, authenticated;
  create function walk.since_start(at timestamptz) returns bigint language sql immutable
  return (extract(epoch from at - timestamptz '${startOfTime}') * 1000000)::bigint;
  -- Definer: it is called in the role of whoever acts.
  create function walk.rows() returns jsonb language plpgsql stable security definer as $$ begin
    return jsonb_build_object(
      'queues', (select jsonb_object_agg(w.stage, jsonb_build_object(
        'served', case w.stage
          when 'analysis' then (select last_value from pipeline.analysis_served_turn)
          when 'ssml' then (select last_value from pipeline.ssml_served_turn)
          else (select last_value from pipeline.audio_served_turn) end,
        'mark', jsonb_build_object('turn', w.turn, 'next', w.next_turn, 'movedAt',
          case when w.moved_at <> '-infinity' then walk.since_start(w.moved_at) end)))
        from pipeline.watermarks as w),
      'limits', (select jsonb_object_agg(l.provider, jsonb_build_object(
        'notBefore', walk.since_start(l.not_before), 'failures', l.failures,
        'openUntil', walk.since_start(l.open_until), 'probes', l.probes))
        from pipeline.provider_limits as l),
      'recordings', (select coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id, 'name', r.filename, 'upload', r.upload_status)), '[]')
        from public.video_recordings as r),
      'jobs', (select coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id, 'recordingId', r.video_recording_id, 'analysedBy', r.title,
        'item', ${itemColumns("")})), '[]') from public.analysis_jobs as r),
      'feedback', (select coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id, 'jobId', r.analysis_job_id, 'index', r.start_seconds, 'words', r.message,
        'ssml', ${itemColumns("ssml_")}, 'audio', ${itemColumns("audio_")},
        'ssmlSegments', (select coalesce(jsonb_agg(s.version order by s.segment_index), '[]')
          from public.analysis_ssml_segments as s where s.feedback_id = r.id),
        'audioSegments', (select coalesce(jsonb_agg(s.version order by s.segment_index), '[]')
          from public.analysis_audio_segments as s where s.feedback_id = r.id)
        )), '[]') from public.analysis_feedback as r));
  end $$;`;

const itemRow = z.object({
  place: z.string(),
  attempts: z.number(),
  availableAt: z.number().nullable(),
  turn: z.number().nullable(),
  token: z.string().nullable(),
  deferredSeconds: z.number(),
  errorCode: z.string().nullable(),
  changedAt: z.number(),
});

const rowsOfDatabase = z.object({
  queues: z.record(
    z.string(),
    z.object({
      served: z.number(),
      mark: z.object({ turn: z.number(), next: z.number(), movedAt: z.number().nullable() }),
    }),
  ),
  limits: z.record(
    z.string(),
    z.object({
      notBefore: z.number().nullable(),
      failures: z.number(),
      openUntil: z.number().nullable(),
      probes: z.number(),
    }),
  ),
  recordings: z.array(z.object({ id: z.number(), name: z.string(), upload: z.string() })),
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
  const { recordings, jobs, feedback, queues, limits } = rowsOfDatabase.parse(rows);
  const ids = new Map(before.ids);
  const ssmlSegmentCounts = new Map<ItemName, number>();
  const lines = [
    ...Object.entries(queues).map(([stage, queue]) => queueLine(stage, queue)),
    ...Object.entries(limits).map(([provider, limit]) => limitLine(provider, limit)),
  ];
  const itemLineOf = (name: ItemName, row: z.infer<typeof itemRow>) =>
    itemLine({ ...row, name, holder: holderOf(before, name, row.token) });
  const nameOfRecording = new Map(recordings.map(({ id, name }) => [id, name]));
  const nameOfJob = new Map(
    jobs.map(({ id, recordingId }) => [id, nameOfRecording.get(recordingId) ?? "orphan"]),
  );
  for (const { id, name, upload } of recordings) {
    const analysedBy = jobs.find(({ recordingId }) => recordingId === id)?.analysedBy ?? null;
    ids.set(`recording ${name}`, id);
    lines.push(recordingLine({ name, upload, analysedBy }));
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
  return { lines: lines.sort(), footing: { tokens: before.tokens, ids, ssmlSegmentCounts } };
}

function holderOf({ tokens }: Footing, name: ItemName, token: string | null): string | null {
  if (token === null) return null;
  for (const [key, held] of tokens) {
    if (held === token && key.endsWith(` ${name}`)) return key.slice(0, -name.length - 1);
  }
  return "nobody";
}
