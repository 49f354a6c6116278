-- What time has brought: leases that expired on the last attempt fail, for the worker was killed
-- each time; other expired leases, and retries whose backoff is over, get a turn. Called by cron,
-- by the claim that finds too little, and by one claim a second where there is plenty: no scheduler
-- has to be alive. Each takes at most 1,000 rows of a kind and walks the index of what waits.
--
-- A lease that expired goes to the front, for it has had its turn. A retry queues up again as new
-- work of its owner, so that one owner's thousand failures do not come before another's first try.
-- An expired item stays 'processing' under its token until somebody claims it.

create function pipeline.sweep_analysis()
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_max int := (select s.max_attempts from pipeline.stages as s where s.stage = 'analysis');
  v_swept int;
  v_ids bigint[];
  v_turns bigint[];
begin
  update public.analysis_jobs as j
  set
    status = 'failed',
    available_at = null,
    turn = null,
    lease_token = null,
    error_code = 'lease_expired',
    last_error = format('The worker vanished in each of %s attempts.', j.attempts),
    updated_at = v_now
  where j.id = any (array(
    select e.id
    from public.analysis_jobs as e
    where e.status = 'processing' and e.available_at <= v_now
      and e.attempts >= v_max
    order by e.available_at
    limit 1000
    for update skip locked
  ));
  get diagnostics v_swept = row_count;

  update public.analysis_jobs as j
  set turn = (select s.last_value from pipeline.analysis_served_turn as s)
  where j.id = any (array(
    select e.id
    from public.analysis_jobs as e
    where e.status = 'processing' and e.turn is null and e.available_at <= v_now
    order by e.available_at
    limit 1000
    for update skip locked
  ));

  with due as materialized (
    select w.id, w.user_id, w.available_at as since
    from public.analysis_jobs as w
    where w.status = 'queued' and w.turn is null and w.available_at <= v_now
    order by w.available_at
    limit 1000
    for update skip locked
  ),
  lasts as materialized (
    select d.user_id, pipeline.last_analysis_turn(d.user_id) as turn
    from due as d
    group by d.user_id
  )
  select array_agg(d.id), array_agg(d.turn) into v_ids, v_turns
  from (
    select u.id,
      l.turn + row_number() over (partition by u.user_id order by u.since, u.id) as turn
    from due as u
    join lasts as l using (user_id)
  ) as d;
  if v_ids is not null then
    update public.analysis_jobs as j
    set turn = v_turns[array_position(v_ids, j.id)]
    where j.id = any (v_ids);
  end if;
  return v_swept;
end
$$;

create function pipeline.sweep_ssml()
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_max int := (select s.max_attempts from pipeline.stages as s where s.stage = 'ssml');
  v_swept int;
  v_ids bigint[];
  v_turns bigint[];
begin
  update public.analysis_feedback as f
  set
    ssml_status = 'failed',
    ssml_available_at = null,
    ssml_turn = null,
    ssml_lease_token = null,
    ssml_error_code = 'lease_expired',
    ssml_last_error = format('The worker vanished in each of %s attempts.', f.ssml_attempts),
    ssml_updated_at = v_now
  where f.id = any (array(
    select e.id
    from public.analysis_feedback as e
    where e.ssml_status = 'processing' and e.ssml_available_at <= v_now
      and e.ssml_attempts >= v_max
    order by e.ssml_available_at
    limit 1000
    for update skip locked
  ));
  get diagnostics v_swept = row_count;

  update public.analysis_feedback as f
  set ssml_turn = (select s.last_value from pipeline.ssml_served_turn as s)
  where f.id = any (array(
    select e.id
    from public.analysis_feedback as e
    where e.ssml_status = 'processing' and e.ssml_turn is null and e.ssml_available_at <= v_now
    order by e.ssml_available_at
    limit 1000
    for update skip locked
  ));

  with due as materialized (
    select w.id, w.user_id, w.ssml_available_at as since
    from public.analysis_feedback as w
    where w.ssml_status = 'queued' and w.ssml_turn is null and w.ssml_available_at <= v_now
    order by w.ssml_available_at
    limit 1000
    for update skip locked
  ),
  lasts as materialized (
    select d.user_id, pipeline.last_ssml_turn(d.user_id) as turn
    from due as d
    group by d.user_id
  )
  select array_agg(d.id), array_agg(d.turn) into v_ids, v_turns
  from (
    select u.id,
      l.turn + row_number() over (partition by u.user_id order by u.since, u.id) as turn
    from due as u
    join lasts as l using (user_id)
  ) as d;
  if v_ids is not null then
    update public.analysis_feedback as f
    set ssml_turn = v_turns[array_position(v_ids, f.id)]
    where f.id = any (v_ids);
  end if;
  return v_swept;
end
$$;

create function pipeline.sweep_audio()
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_max int := (select s.max_attempts from pipeline.stages as s where s.stage = 'audio');
  v_swept int;
  v_ids bigint[];
  v_turns bigint[];
begin
  update public.analysis_feedback as f
  set
    audio_status = 'failed',
    audio_available_at = null,
    audio_turn = null,
    audio_lease_token = null,
    audio_error_code = 'lease_expired',
    audio_last_error = format('The worker vanished in each of %s attempts.', f.audio_attempts),
    audio_updated_at = v_now
  where f.id = any (array(
    select e.id
    from public.analysis_feedback as e
    where e.audio_status = 'processing' and e.audio_available_at <= v_now
      and e.audio_attempts >= v_max
    order by e.audio_available_at
    limit 1000
    for update skip locked
  ));
  get diagnostics v_swept = row_count;

  update public.analysis_feedback as f
  set audio_turn = (select s.last_value from pipeline.audio_served_turn as s)
  where f.id = any (array(
    select e.id
    from public.analysis_feedback as e
    where e.audio_status = 'processing' and e.audio_turn is null and e.audio_available_at <= v_now
    order by e.audio_available_at
    limit 1000
    for update skip locked
  ));

  with due as materialized (
    select w.id, w.user_id, w.audio_available_at as since
    from public.analysis_feedback as w
    where w.audio_status = 'queued' and w.audio_turn is null and w.audio_available_at <= v_now
    order by w.audio_available_at
    limit 1000
    for update skip locked
  ),
  lasts as materialized (
    select d.user_id, pipeline.last_audio_turn(d.user_id) as turn
    from due as d
    group by d.user_id
  )
  select array_agg(d.id), array_agg(d.turn) into v_ids, v_turns
  from (
    select u.id,
      l.turn + row_number() over (partition by u.user_id order by u.since, u.id) as turn
    from due as u
    join lasts as l using (user_id)
  ) as d;
  if v_ids is not null then
    update public.analysis_feedback as f
    set audio_turn = v_turns[array_position(v_ids, f.id)]
    where f.id = any (v_ids);
  end if;
  return v_swept;
end
$$;

-- How many items of each stage failed because their leases ran out.
create function pipeline.sweep()
returns table (stage text, swept int)
language sql volatile security invoker set search_path = ''
as $$
  select 'analysis', pipeline.sweep_analysis()
  union all
  select 'ssml', pipeline.sweep_ssml()
  union all
  select 'audio', pipeline.sweep_audio()
$$;

revoke all on function pipeline.sweep_analysis() from public, anon, authenticated;
revoke all on function pipeline.sweep_ssml() from public, anon, authenticated;
revoke all on function pipeline.sweep_audio() from public, anon, authenticated;
revoke all on function pipeline.sweep() from public, anon, authenticated;
grant execute on function pipeline.sweep_analysis() to service_role;
grant execute on function pipeline.sweep_ssml() to service_role;
grant execute on function pipeline.sweep_audio() to service_role;
grant execute on function pipeline.sweep() to service_role;
