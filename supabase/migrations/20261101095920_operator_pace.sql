-- What operators read of attempts (public.processing_timeline): how fast the stages are, and the
-- life of one item.

-- The minutes before `at`, at most an hour, that hold at most 10,000 rows of the timeline: so that
-- reading them is bounded however busy the stages are. Tried from the shortest.
create function pipeline.readable_minutes(at timestamptz)
returns int
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_readable int := 1;
  v_minutes int;
begin
  foreach v_minutes in array array[2, 5, 15, 60] loop
    exit when (
      select count(*) from (
        select from public.processing_timeline as p
        where p.ended_at > readable_minutes.at - make_interval(mins => v_minutes)
          and p.started_at > readable_minutes.at - interval '7 days'
        limit 10001
      ) as p
    ) > 10000;
    v_readable := v_minutes;
  end loop;
  return v_readable;
end
$$;

-- The counts of the last `minutes` minutes, oldest first; null where a minute was not read.
create function pipeline.per_minute(ended_at timestamptz[], minutes int, at timestamptz)
returns int[]
language sql immutable security invoker
return array(
  select case when m.ago < minutes then count(e.minute)::int end
  from generate_series(0, 59) as m (ago)
  left join (
    select floor(extract(epoch from at - t) / 60)::int as minute from unnest(ended_at) as t
  ) as e on e.minute = m.ago
  group by m.ago
  order by m.ago desc
);

create function public.operator_pace()
returns table (
  stage text, minutes int, attempts int, waiting_p50_ms int, waiting_p95_ms int,
  working_p50_ms int, working_p95_ms int, completed_per_minute int[], troubled_per_minute int[]
)
-- Definer: users read their own attempts only. Operators are checked here.
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_minutes int;
begin
  perform pipeline.check_operator();
  v_minutes := pipeline.readable_minutes(v_now);
  return query
  with lately as materialized (
    select p.stage, p.outcome, p.ended_at,
      extract(epoch from p.started_at - p.queued_at) * 1000 as waited,
      extract(epoch from p.ended_at - p.started_at) * 1000 as worked
    from public.processing_timeline as p
    where p.ended_at > v_now - make_interval(mins => v_minutes) and p.ended_at <= v_now
      and p.started_at > v_now - interval '7 days' and p.step is null
    limit 20000
  ),
  spans as (
    select l.stage, count(*)::int as attempts,
      percentile_cont(array[0.5, 0.95]) within group (order by l.waited::float8) as waited,
      percentile_cont(array[0.5, 0.95]) within group (order by l.worked::float8) as worked,
      array_agg(l.ended_at) filter (where l.outcome = 'completed') as completed,
      array_agg(l.ended_at) filter (where l.outcome in ('failed', 'retried', 'lost')) as troubled
    from lately as l
    group by l.stage
  )
  select s.stage, v_minutes, coalesce(p.attempts, 0), p.waited[1]::int, p.waited[2]::int,
    p.worked[1]::int, p.worked[2]::int,
    pipeline.per_minute(p.completed, v_minutes, v_now),
    pipeline.per_minute(p.troubled, v_minutes, v_now)
  from pipeline.stages as s
  left join spans as p on p.stage = s.stage
  order by s.place, s.stage;
end
$$;

comment on function public.operator_pace() is
  'For operators: how long attempts of each stage waited and took lately, and how many ended well '
  'or not in each of the last 60 minutes, oldest first; null where a minute was not read. '
  'Errors: PT403 no operator.';

-- An item, and where its task is: ready, leased, delayed or parked; null where it has none.
create function public.operator_item(stage text, id bigint)
returns table (
  user_id uuid, status text, attempts int, error_code text, last_error text,
  updated_at timestamptz, task text, available_at timestamptz, deferred_seconds real
)
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform pipeline.check_operator();
  if not exists (select from pipeline.stages as s where s.stage = operator_item.stage) then
    raise exception 'there is no stage %', operator_item.stage using errcode = 'SL002';
  end if;
  return query execute format(
    'select i.user_id, i.status::text, i.attempts, i.error_code, i.last_error::text, i.updated_at,
       case
         when t.turn is not null then ''ready''
         when t.lease_token is not null then ''leased''
         when t.parked then ''parked''
         when t.stage is not null then ''delayed''
       end, t.available_at, t.deferred_seconds
     from pipeline.%I as i
     left join pipeline.tasks as t on t.stage = $1 and t.subject_id = i.id
     where i.id = $2', operator_item.stage || '_items'
  ) using operator_item.stage, operator_item.id;
end
$$;

comment on function public.operator_item(text, bigint) is
  'For operators: an item of a stage, and where it is in the queue. '
  'Errors: PT403 no operator, SL002 no such stage.';

-- What an operator is told: a number. Items of any stage that have it, and what came of the
-- recording that has it.
create function public.operator_find(id bigint)
returns table (stage text, item_id bigint, status text, error_code text, recording_id bigint)
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform pipeline.check_operator();
  return query
  with found as (
    select s.stage, operator_find.id as item_id, null::bigint as recording_id
    from pipeline.stages as s where s.stage <> 'upload'
    union all
    select 'upload', operator_find.id, operator_find.id
    union all
    select 'analysis', j.id, j.video_recording_id from public.analysis_jobs as j
    where j.video_recording_id = operator_find.id
    union all
    select r.stage, f.id, f.video_recording_id from (
      select f.id, j.video_recording_id from public.analysis_jobs as j
      join public.analysis_feedback as f on f.analysis_job_id = j.id
      where j.video_recording_id = operator_find.id
      order by f.start_seconds, f.id
      limit 100
    ) as f
    cross join lateral (values ('ssml'), ('audio')) as r (stage)
    union all
    (
      select 'render', r.id, r.video_recording_id from public.render_jobs as r
      where r.video_recording_id = operator_find.id order by r.id desc limit 100
    )
  )
  select f.stage, f.item_id, i.status, i.error_code, max(f.recording_id)
  from found as f
  join pipeline.stages as s on s.stage = f.stage
  cross join lateral public.operator_item(f.stage, f.item_id) as i
  group by f.stage, f.item_id, i.status, i.error_code, s.place
  order by max(f.recording_id) nulls last, s.place, f.item_id;
end
$$;

comment on function public.operator_find(bigint) is
  'For operators: the items with this id in any stage, and of the recording with this id what came '
  'of it, up to 100 remarks and renders. Errors: PT403 no operator.';

-- The last 200 attempts at an item, and their steps; of a feedback those of its analysis, its
-- markup and its sound, since each waits for the one before.
create function public.operator_attempts(stage text, id bigint)
returns setof public.processing_timeline
-- Definer: users read their own attempts only. Operators are checked here.
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform pipeline.check_operator();
  return query
  with subjects as (
    select i.user_id, operator_attempts.stage, operator_attempts.id
    from public.operator_item(operator_attempts.stage, operator_attempts.id) as i
    union
    select f.user_id, r.stage, r.id
    from public.analysis_feedback as f
    cross join lateral (
      values ('analysis', f.analysis_job_id), ('ssml', f.id), ('audio', f.id)
    ) as r (stage, id)
    where f.id = operator_attempts.id and operator_attempts.stage in ('ssml', 'audio')
  )
  select l.* from (
    select p.* from subjects as s
    join public.processing_timeline as p
      on p.user_id = s.user_id and p.stage = s.stage and p.subject_id = s.id
    order by p.id desc
    limit 200
  ) as l
  order by l.started_at, l.id;
end
$$;

comment on function public.operator_attempts(text, bigint) is
  'For operators: the last 200 attempts at an item, oldest first; of a feedback also those of its '
  'analysis. Errors: PT403 no operator, SL002 no such stage.';

revoke all on function
  pipeline.readable_minutes(timestamptz),
  pipeline.per_minute(timestamptz[], int, timestamptz),
  public.operator_pace(),
  public.operator_item(text, bigint),
  public.operator_find(bigint),
  public.operator_attempts(text, bigint)
from public, anon, authenticated, service_role;
grant execute on function
  public.operator_pace(),
  public.operator_item(text, bigint),
  public.operator_find(bigint),
  public.operator_attempts(text, bigint)
to authenticated;
