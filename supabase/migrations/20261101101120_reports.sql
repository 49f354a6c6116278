-- What operators ask of the records. Each view is the last day; the function behind it takes any
-- time to begin at, and is what `npm run report` calls.

create function pipeline.stage_latency_since(since timestamptz)
returns table (
  stage text, step text, attempts bigint, waiting_p50 numeric, waiting_p95 numeric,
  waiting_p99 numeric, working_p50 numeric, working_p95 numeric, working_p99 numeric
)
language sql stable security invoker set search_path = ''
as $$
  select p.stage, p.step, p.attempts, round(p.w[1]::numeric, 3), round(p.w[2]::numeric, 3),
    round(p.w[3]::numeric, 3), round(p.d[1]::numeric, 3), round(p.d[2]::numeric, 3),
    round(p.d[3]::numeric, 3)
  from (
    select t.stage, t.step, count(*) as attempts,
      percentile_cont(array[0.5, 0.95, 0.99]) within group (
        order by extract(epoch from t.started_at - t.queued_at)
      ) as w,
      percentile_cont(array[0.5, 0.95, 0.99]) within group (
        order by extract(epoch from t.ended_at - t.started_at)
      ) as d
    from public.processing_timeline as t
    where t.ended_at >= stage_latency_since.since
      and t.started_at >= stage_latency_since.since - interval '7 days' and t.outcome = 'completed'
    group by t.stage, t.step
  ) as p
  order by 1, 2 nulls first
$$;

-- An item that failed was retried before; only its last word counts.
create function pipeline.failure_rates_since(since timestamptz)
returns table (
  stage text, completed bigint, failed bigint, refused bigint, retried bigint, deferred bigint,
  lost bigint, failed_share numeric, most_failed_by text
)
language sql stable security invoker set search_path = ''
as $$
  select p.stage, count(*) filter (where p.last = 'completed'),
    count(*) filter (where p.last = 'failed'), count(*) filter (where p.last = 'refused'),
    count(*) filter (where p.last = 'retried'), count(*) filter (where p.last = 'deferred'),
    count(*) filter (where p.last = 'lost'),
    round(
      count(*) filter (where p.last = 'failed')::numeric
        / nullif(count(*) filter (where p.last in ('completed', 'failed', 'refused')), 0), 5
    ),
    mode() within group (order by p.error_code) filter (where p.last = 'failed')
  from (
    select t.stage, t.error_code, pipeline.final_outcome(t) as last
    from public.processing_timeline as t
    where t.ended_at >= failure_rates_since.since
      and t.started_at >= failure_rates_since.since - interval '7 days' and t.step is null
  ) as p
  group by p.stage
  order by p.stage
$$;

create function pipeline.rule_usage_since(since timestamptz)
returns table (rule text, value text, remarks bigint)
language sql stable security invoker set search_path = ''
as $$
  select u.rule, u.value, count(*)
  from public.analysis_feedback as f
  join public.analysis_jobs as j on j.id = f.analysis_job_id
  join public.video_recordings as v on v.id = j.video_recording_id
  left join public.analysis_ssml_segments as s on s.feedback_id = f.id and s.segment_index = 0
  cross join lateral (
    values ('category', f.category::text), ('severity', f.severity::text),
      ('drill', case when f.drill is null then 'without' else 'with' end),
      ('language', v.language), ('coach', j.coach ->> 'name'),
      ('ssml', s.provider || coalesce(' ' || s.version, ''))
  ) as u (rule, value)
  where f.created_at >= rule_usage_since.since and u.value is not null
  group by u.rule, u.value
  order by u.rule, count(*) desc, u.value
$$;

create function pipeline.user_activity_since(since timestamptz)
returns table (
  user_id uuid, recordings bigint, remarks bigint, renders bigint, attempts bigint,
  last_at timestamptz
)
language sql stable security invoker set search_path = ''
as $$
  select a.user_id, sum(a.recordings)::bigint, sum(a.remarks)::bigint, sum(a.renders)::bigint,
    sum(a.attempts)::bigint, max(a.last_at)
  from (
    select v.user_id, count(*) as recordings, 0 as remarks, 0 as renders, 0 as attempts,
      max(v.created_at) as last_at
    from public.video_recordings as v where v.created_at >= user_activity_since.since group by 1
    union all
    select f.user_id, 0, count(*), 0, 0, max(f.created_at)
    from public.analysis_feedback as f where f.created_at >= user_activity_since.since group by 1
    union all
    select r.user_id, 0, 0, count(*), 0, max(r.created_at)
    from public.render_jobs as r where r.created_at >= user_activity_since.since group by 1
    union all
    select t.user_id, 0, 0, 0, count(*), max(t.ended_at)
    from public.processing_timeline as t
    where t.ended_at >= user_activity_since.since
      and t.started_at >= user_activity_since.since - interval '7 days' and t.step is null
    group by 1
  ) as a
  group by a.user_id
  order by 5 desc, a.user_id
$$;

create view pipeline.pipeline_health with (security_invoker = true) as
select s.stage, s.enabled, q.ready, round(q.oldest_ready_seconds::numeric, 1)
    as oldest_ready_seconds,
  q.in_flight, q.expired, q.delayed, s.provider,
  case
    when l.open_until is null then 'closed'
    when l.open_until > pipeline.now() then 'open'
    else 'probing'
  end as circuit,
  nullif(c.woken_at, '-infinity') as woken_at, c.outcome as wake_outcome
from pipeline.stages as s
join pipeline.queue_now(pipeline.now()) as q on q.stage = s.stage
join pipeline.stage_clocks as c on c.stage = s.stage
left join pipeline.provider_limits as l on l.provider = s.provider and l.model = s.model;

create view pipeline.stage_latency with (security_invoker = true) as
select l.* from pipeline.stage_latency_since(pipeline.now() - interval '1 day') as l;

create view pipeline.failure_rates with (security_invoker = true) as
select r.* from pipeline.failure_rates_since(pipeline.now() - interval '1 day') as r;

create view pipeline.rule_usage with (security_invoker = true) as
select u.* from pipeline.rule_usage_since(pipeline.now() - interval '1 day') as u;

create view pipeline.user_activity with (security_invoker = true) as
select a.* from pipeline.user_activity_since(pipeline.now() - interval '1 day') as a;

comment on view pipeline.pipeline_health is 'How each stage is doing now; counts stop at 10,000.';
comment on column pipeline.pipeline_health.stage is 'The stage.';
comment on column pipeline.pipeline_health.enabled is 'False while it is paused.';
comment on column pipeline.pipeline_health.ready is 'Items that could be claimed.';
comment on column pipeline.pipeline_health.oldest_ready_seconds is 'How long the oldest waits.';
comment on column pipeline.pipeline_health.in_flight is 'Live leases.';
comment on column pipeline.pipeline_health.expired is 'Leases that ended and were not swept yet.';
comment on column pipeline.pipeline_health.delayed is 'Items that wait for a time or a quota.';
comment on column pipeline.pipeline_health.provider is 'Whom its workers ask.';
comment on column pipeline.pipeline_health.circuit is 'closed, open or probing.';
comment on column pipeline.pipeline_health.woken_at is 'When its function was last called.';
comment on column pipeline.pipeline_health.wake_outcome is '''called'', or what is missing.';

comment on view pipeline.stage_latency is
  'Seconds that completed attempts of the last day waited and worked.';
comment on column pipeline.stage_latency.stage is 'The stage.';
comment on column pipeline.stage_latency.step is 'Step of a render; null for the attempt.';
comment on column pipeline.stage_latency.attempts is 'Completed attempts.';
comment on column pipeline.stage_latency.waiting_p50 is 'Ready until claimed: half were faster.';
comment on column pipeline.stage_latency.waiting_p95 is 'Ready until claimed: 95 % were faster.';
comment on column pipeline.stage_latency.waiting_p99 is 'Ready until claimed: 99 % were faster.';
comment on column pipeline.stage_latency.working_p50 is 'Claimed until done: half were faster.';
comment on column pipeline.stage_latency.working_p95 is 'Claimed until done: 95 % were faster.';
comment on column pipeline.stage_latency.working_p99 is 'Claimed until done: 99 % were faster.';

comment on view pipeline.failure_rates is 'What became of the last day''s items, after retries.';
comment on column pipeline.failure_rates.stage is 'The stage.';
comment on column pipeline.failure_rates.completed is 'Items that completed.';
comment on column pipeline.failure_rates.failed is 'Items that failed for good.';
comment on column pipeline.failure_rates.refused is
  'Items that failed for what their owner gave: a file that is no video.';
comment on column pipeline.failure_rates.retried is 'Attempts that failed and were made again.';
comment on column pipeline.failure_rates.deferred is 'Attempts that a provider put off.';
comment on column pipeline.failure_rates.lost is 'Attempts whose worker vanished.';
comment on column pipeline.failure_rates.failed_share is 'Of all that ended, what failed.';
comment on column pipeline.failure_rates.most_failed_by is 'The commonest error code.';

comment on view pipeline.rule_usage is 'What the last day''s remarks were made of.';
comment on column pipeline.rule_usage.rule is
  'category, severity, drill, language, coach, or ssml: the model or template that wrote it.';
comment on column pipeline.rule_usage.value is 'Which.';
comment on column pipeline.rule_usage.remarks is 'How many remarks.';

comment on view pipeline.user_activity is 'What users did in the last day.';
comment on column pipeline.user_activity.user_id is 'The user.';
comment on column pipeline.user_activity.recordings is 'Recordings that were added.';
comment on column pipeline.user_activity.remarks is 'Remarks that were made for them.';
comment on column pipeline.user_activity.renders is 'Videos that were asked for.';
comment on column pipeline.user_activity.attempts is 'Attempts that their items took.';
comment on column pipeline.user_activity.last_at is 'When something last happened.';

revoke all on table
  pipeline.pipeline_health, pipeline.stage_latency, pipeline.failure_rates, pipeline.rule_usage,
  pipeline.user_activity
from public, anon, authenticated, service_role;
grant select on table
  pipeline.pipeline_health, pipeline.stage_latency, pipeline.failure_rates, pipeline.rule_usage,
  pipeline.user_activity
to service_role;

revoke all on function
  pipeline.stage_latency_since(timestamptz),
  pipeline.failure_rates_since(timestamptz),
  pipeline.rule_usage_since(timestamptz),
  pipeline.user_activity_since(timestamptz)
from public, anon, authenticated;
grant execute on function
  pipeline.stage_latency_since(timestamptz),
  pipeline.failure_rates_since(timestamptz),
  pipeline.rule_usage_since(timestamptz),
  pipeline.user_activity_since(timestamptz)
to service_role;
