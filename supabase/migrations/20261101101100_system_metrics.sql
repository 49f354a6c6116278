-- How the system is doing, sampled: by cron every minute what changes fast, and every ten minutes
-- what changes slowly or costs more to ask. Alerts, reports and the endpoint for Prometheus read
-- these samples, so that looking costs the queue nothing. Counts stop at 10,000.

create table pipeline.system_metrics (
  name text not null,
  at timestamptz not null,
  labels jsonb not null default '{}',
  value double precision not null,
  constraint system_metrics_pkey primary key (name, at, labels)
)
partition by range (at);

create table partitions.system_metrics_default
partition of pipeline.system_metrics default;

comment on table pipeline.system_metrics is 'Samples of how the system is doing.';
comment on column pipeline.system_metrics.name is 'What was measured, with its unit.';
comment on column pipeline.system_metrics.at is 'When.';
comment on column pipeline.system_metrics.labels is 'Of which: stage, provider, job and so on.';
comment on column pipeline.system_metrics.value is 'How much.';

create index system_metrics_at_idx on pipeline.system_metrics
using brin (at) with (pages_per_range = 16);

insert into pipeline.retention (schema_name, table_name, column_name, keep_for) values
  ('pipeline', 'system_metrics', 'at', '14 days');

select pipeline.add_partitions(r) from pipeline.retention as r
where r.table_name = 'system_metrics';

-- The queue of each stage now.
create function pipeline.queue_now(at timestamptz)
returns table (
  stage text, ready int, oldest_ready_seconds double precision, in_flight int, expired int,
  delayed int
)
language sql stable security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
  select s.stage, r.items, r.oldest, l.live, l.expired, d.items
  from pipeline.stages as s
  cross join lateral (
    select count(*)::int as items,
      greatest(extract(epoch from queue_now.at - min(t.available_at)), 0)::float8 as oldest
    from (
      select t.available_at from pipeline.tasks as t
      where t.stage = s.stage and t.turn is not null
      order by t.turn, t.subject_id
      limit 10000
    ) as t
  ) as r
  cross join lateral (
    select (count(*) filter (where t.available_at > queue_now.at))::int as live,
      (count(*) filter (where t.available_at <= queue_now.at))::int as expired
    from (
      select t.available_at from pipeline.tasks as t
      where t.stage = s.stage and t.turn is null and t.lease_token is not null
      order by t.lease_number
      limit 10000
    ) as t
  ) as l
  cross join lateral (
    select count(*)::int as items from (
      select from pipeline.tasks as t
      where t.stage = s.stage and t.turn is null and t.lease_token is null
      limit 10000
    ) as t
  ) as d
$$;

create function pipeline.sample_queue(at timestamptz)
returns void
language sql volatile security invoker set search_path = ''
as $$
  insert into pipeline.system_metrics (name, at, labels, value)
  select v.name, sample_queue.at, jsonb_build_object('stage', q.stage), v.value
  from pipeline.queue_now(sample_queue.at) as q
  cross join lateral (
    values ('queue_ready', q.ready::float8), ('queue_in_flight', q.in_flight),
      ('queue_expired', q.expired), ('queue_delayed', q.delayed),
      ('oldest_ready_seconds', coalesce(q.oldest_ready_seconds, 0))
  ) as v (name, value)
$$;

-- Items that ended since the last sample, and the share of those that failed in the last hour. Each
-- item's last word counts, not its retries. An attempt tells its end before it commits, so the
-- samples stay five seconds behind.
create function pipeline.sample_outcomes(at timestamptz)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_until constant timestamptz := sample_outcomes.at - interval '5 seconds';
  v_since constant timestamptz := greatest((
    select max(m.at) - interval '5 seconds' from pipeline.system_metrics as m
    where m.name = 'outcomes_sampled' and m.at < sample_outcomes.at
  ), v_until - interval '10 minutes');
begin
  insert into pipeline.system_metrics (name, at, value)
  values ('outcomes_sampled', sample_outcomes.at, 1);
  -- With those of which there were none: the last sample is the last minute's.
  insert into pipeline.system_metrics (name, at, labels, value)
  select 'items_ended', sample_outcomes.at,
    jsonb_build_object('stage', s.stage, 'outcome', o.outcome), coalesce(e.items, 0)
  from pipeline.stages as s
  cross join unnest(array['completed', 'failed', 'refused']) as o (outcome)
  left join (
    select p.stage, pipeline.final_outcome(p) as outcome, count(*) as items
    from public.processing_timeline as p
    where p.ended_at > v_since and p.ended_at <= v_until
      and p.started_at > v_since - interval '7 days' and p.step is null
      and p.outcome in ('completed', 'failed')
    group by 1, 2
  ) as e on e.stage = s.stage and e.outcome = o.outcome
  where s.is_claimed;
  insert into pipeline.system_metrics (name, at, labels, value)
  select 'failed_share', sample_outcomes.at, jsonb_build_object('stage', s.stage),
    -- One or two that failed of a few are no share yet.
    case when m.ended >= 20 or m.failed >= 3 then m.failed / m.ended else 0 end
  from pipeline.stages as s
  left join (
    select m.labels ->> 'stage' as stage, sum(m.value) as ended,
      coalesce(sum(m.value) filter (where m.labels ->> 'outcome' = 'failed'), 0) as failed
    from pipeline.system_metrics as m
    where m.name = 'items_ended' and m.at > sample_outcomes.at - interval '1 hour'
    group by 1
  ) as m on m.stage = s.stage;
end
$$;

-- 'refused' where what failed was the fault of what users gave: no retry, and nobody of ours, can
-- help it.
create function pipeline.final_outcome(attempt public.processing_timeline)
returns text
language sql immutable security invoker
return case
  when (attempt).outcome = 'failed' and (
    (attempt).error_code like 'video\_%' or (attempt).error_code like 'element\_%'
    or (attempt).error_code like 'upload\_%'
    or (attempt).error_code in (
      'file_too_large', 'mime_type_not_allowed', 'nothing_to_say', 'language_not_spoken',
      'provider_blocked', 'render_too_long', 'render_too_large', 'message_refused',
      'message_unanswered', 'address_not_allowed'
    )
  ) then 'refused'
  else (attempt).outcome
end;

create function pipeline.sample_providers(at timestamptz)
returns void
language sql volatile security invoker set search_path = ''
as $$
  insert into pipeline.system_metrics (name, at, labels, value)
  select 'circuit_open', sample_providers.at,
    jsonb_build_object('provider', l.provider, 'model', l.model),
    (l.open_until is not null)::int
  from pipeline.provider_limits as l
  where l.open_until is not null
    or exists (
      select from pipeline.stages as s where s.provider = l.provider and s.model = l.model
    )
  limit 200
$$;

-- For how long each job of the scheduler has not succeeded since it was due, as far as its last
-- 2,000 runs tell. What was due while the whole scheduler was away is no job's fault: the time
-- since it came back counts.
create function pipeline.sample_cron(at timestamptz)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if to_regclass('cron.job_run_details') is null then
    return;
  end if;
  insert into pipeline.system_metrics (name, at, labels, value)
  with runs as materialized (
    select d.jobid, d.status, d.start_time, d.end_time,
      d.start_time - lag(d.start_time) over (order by d.runid) as pause
    from (
      select r.* from cron.job_run_details as r order by r.runid desc limit 2000
    ) as d
  ),
  back as (
    select coalesce(
      max(r.start_time) filter (where r.pause > interval '90 seconds'), min(r.start_time)
    ) as since
    from runs as r
  )
  select 'cron_silent_seconds', sample_cron.at, jsonb_build_object('job', j.jobname),
    greatest(extract(epoch from sample_cron.at - p.period - greatest(
      b.since, max(r.end_time) filter (where r.status = 'succeeded')
    )), 0)
  from cron.job as j
  join (
    values ('1 second', interval '0'), ('* * * * *', '0'), ('*/10 * * * *', '10 minutes')
  ) as p (schedule, period) on p.schedule = j.schedule
  join back as b on b.since is not null
  left join runs as r on r.jobid = j.jobid
  where j.jobname like 'sideline-%'
  group by j.jobname, p.period, b.since;
end
$$;

-- Today's spend (UTC), by the ledger.
create function pipeline.sample_spend(at timestamptz)
returns void
language sql volatile security invoker set search_path = ''
as $$
  insert into pipeline.system_metrics (name, at, value)
  select 'spend_today', sample_spend.at, coalesce(sum(c.cost), 0)
  from pipeline.provider_calls as c
  where c.created_at >= date_trunc('day', sample_spend.at, 'UTC')
$$;

-- Called by cron every minute.
create function pipeline.sample_metrics()
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  if exists (
    select from pipeline.system_metrics as m where m.name = 'outcomes_sampled' and m.at = v_now
  ) then
    return;
  end if;
  perform pipeline.sample_queue(v_now);
  perform pipeline.sample_outcomes(v_now);
  perform pipeline.sample_providers(v_now);
  perform pipeline.sample_cron(v_now);
  perform pipeline.sample_spend(v_now);
end
$$;

alter table pipeline.system_metrics enable row level security;
alter table partitions.system_metrics_default enable row level security;

create policy "rows are read through their table" on partitions.system_metrics_default
for select to authenticated, service_role using (false);

create policy "operators read the samples" on pipeline.system_metrics
for select to service_role using (true);

revoke all on table partitions.system_metrics_default
from public, anon, authenticated, service_role;
revoke all on table pipeline.system_metrics from public, anon, authenticated, service_role;
grant select on table pipeline.system_metrics to service_role;

revoke all on function
  pipeline.queue_now(timestamptz),
  pipeline.sample_queue(timestamptz),
  pipeline.sample_outcomes(timestamptz),
  pipeline.final_outcome(public.processing_timeline),
  pipeline.sample_providers(timestamptz),
  pipeline.sample_cron(timestamptz),
  pipeline.sample_spend(timestamptz),
  pipeline.sample_metrics()
from public, anon, authenticated;
grant execute on function
  pipeline.queue_now(timestamptz), pipeline.final_outcome(public.processing_timeline)
to service_role;
