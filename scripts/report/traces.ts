import { createHash } from "node:crypto";
import type pg from "pg";

interface Attempt {
  id: string;
  stage: string;
  subject_id: string;
  attempt: number;
  step: string | null;
  outcome: string | null;
  error_code: string | null;
  trace: string;
  queued_at: string | null;
  started_at: string;
  ended_at: string;
}

const most = 100_000;

/**
 * Times in nanoseconds. The correlation id of an analysis, through all its stages, is its trace, as
 * are those of renders, drafts and messages.
 */
const attemptsSql = `
  with attempts as (
    select p.*, case when p.stage in ('ssml', 'audio') then f.analysis_job_id
      when p.stage = 'analysis' then p.subject_id end as job_id
    from public.processing_timeline as p
    left join public.analysis_feedback as f
      on p.stage in ('ssml', 'audio') and f.id = p.subject_id
    where p.ended_at >= pipeline.now() - make_interval(secs => $1::float8 * 86400)
      and p.started_at >= pipeline.now() - make_interval(secs => ($1::float8 + 7) * 86400)
    order by p.ended_at desc
    limit ${most}
  )
  select a.id::text, a.stage, a.subject_id::text, a.attempt, a.step, a.outcome, a.error_code,
    replace(coalesce(j.correlation_id, r.correlation_id, d.correlation_id, m.correlation_id,
      md5(a.stage || a.subject_id)::uuid)::text, '-', '') as trace,
    (extract(epoch from a.queued_at) * 1000000)::bigint || '000' as queued_at,
    (extract(epoch from a.started_at) * 1000000)::bigint || '000' as started_at,
    (extract(epoch from a.ended_at) * 1000000)::bigint || '000' as ended_at
  from attempts as a
  left join public.analysis_jobs as j on j.id = a.job_id
  left join public.render_jobs as r on a.stage = 'render' and r.id = a.subject_id
  left join public.session_drafts as d on a.stage = 'draft' and d.id = a.subject_id
  left join public.message_queue as m on a.stage = 'notify' and m.id = a.subject_id
  order by a.ended_at, a.id`;

/**
 * The attempts of the last days: of each a span of its work with one of its wait below it, and its
 * steps. No user's words or addresses are in them. `all` is false where there are more.
 */
export async function readSpans(client: pg.Client, days: number) {
  const { rows } = await client.query<Attempt>(attemptsSql, [days]);
  return { spans: rows.flatMap(spansOf), all: rows.length < most };
}

/** As an OTLP/JSON request. */
export function traceRequest(spans: object[]) {
  return {
    resourceSpans: [
      {
        resource: { attributes: [text("service.name", "sideline")] },
        scopeSpans: [{ scope: { name: "processing_timeline" }, spans }],
      },
    ],
  };
}

/** The database's numbers cannot be span ids themselves, which have eight bytes. */
function spanId(...parts: (string | number)[]): string {
  return createHash("sha256").update(parts.join(" ")).digest("hex").slice(0, 16);
}

function spansOf(row: Attempt) {
  const { stage, subject_id: subject, attempt, step, trace, started_at: startedAt } = row;
  const whole = spanId(stage, subject, attempt, startedAt);
  const begin = row.queued_at ?? startedAt;
  const attributes = [
    text("sideline.stage", stage),
    text("sideline.subject_id", subject),
    { key: "sideline.attempt", value: { intValue: attempt } },
    text("sideline.outcome", row.outcome ?? ""),
    ...(row.error_code === null ? [] : [text("error.type", row.error_code)]),
  ];
  const isDone = row.outcome === "completed" || row.outcome === null;
  const span = {
    traceId: trace,
    kind: 1,
    endTimeUnixNano: row.ended_at,
    attributes,
    status: isDone ? { code: 1 } : { code: 2, message: row.error_code ?? row.outcome },
  };
  if (step !== null) {
    const ids = { spanId: spanId(row.id, step) };
    return [{ ...span, ...ids, name: `${stage} ${step}`, startTimeUnixNano: startedAt }];
  }
  const wait = {
    traceId: trace,
    spanId: spanId(whole, "wait"),
    parentSpanId: whole,
    name: `${stage} waiting`,
    kind: 1,
    startTimeUnixNano: begin,
    endTimeUnixNano: startedAt,
    attributes,
    status: { code: 0 },
  };
  const all = { ...span, spanId: whole, name: stage, startTimeUnixNano: begin };
  return begin === startedAt ? [all] : [all, wait];
}

function text(key: string, value: string) {
  return { key, value: { stringValue: value } };
}
