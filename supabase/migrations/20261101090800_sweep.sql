-- What time has brought. Leases that ended on the last attempt fail, for the worker was killed each
-- time, and so do retries beyond a maximum that was lowered; all else that is due gets a turn.
-- Called by cron, by the claim that finds too little, and by one claim a second where there is
-- plenty: no scheduler has to be alive. Each walks the small index of what waits and takes at most
-- 1,000 rows of a kind.

create function pipeline.sweep_analysis()
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_max int := (select s.max_attempts from pipeline.stages as s where s.stage = 'analysis');
  v_swept int;
begin
  update public.analysis_jobs as j
  set
    status = 'failed',
    available_at = null,
    turn = null,
    lease_token = null,
    error_code = case j.status
      when 'processing' then 'lease_expired' else coalesce(j.error_code, 'internal_error')
    end,
    last_error = case j.status
      when 'processing'
      then format('The worker vanished in each of %s attempts.', j.attempts)
      else j.last_error
    end,
    updated_at = v_now
  where j.id = any (array(
    select e.id
    from public.analysis_jobs as e
    where e.status = 'processing' and e.available_at <= v_now
      and e.attempts >= v_max
    order by e.available_at
    limit 1000
    for update skip locked
  ) || array(
    select e.id
    from public.analysis_jobs as e
    where e.status = 'queued' and e.turn is null and e.available_at <= v_now
      and e.attempts >= v_max
    order by e.available_at
    limit 1000
    for update skip locked
  ));
  get diagnostics v_swept = row_count;
  perform pipeline.queue_due_analysis();
  return v_swept;
end
$$;

create function pipeline.sweep_ssml()
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_max int := (select s.max_attempts from pipeline.stages as s where s.stage = 'ssml');
  v_swept int;
begin
  update public.analysis_feedback as f
  set
    ssml_status = 'failed',
    ssml_available_at = null,
    ssml_turn = null,
    ssml_lease_token = null,
    ssml_error_code = case f.ssml_status
      when 'processing' then 'lease_expired' else coalesce(f.ssml_error_code, 'internal_error')
    end,
    ssml_last_error = case f.ssml_status
      when 'processing'
      then format('The worker vanished in each of %s attempts.', f.ssml_attempts)
      else f.ssml_last_error
    end,
    ssml_updated_at = v_now
  where f.id = any (array(
    select e.id
    from public.analysis_feedback as e
    where e.ssml_status = 'processing' and e.ssml_available_at <= v_now
      and e.ssml_attempts >= v_max
    order by e.ssml_available_at
    limit 1000
    for update skip locked
  ) || array(
    select e.id
    from public.analysis_feedback as e
    where e.ssml_status = 'queued' and e.ssml_turn is null and e.ssml_available_at <= v_now
      and e.ssml_attempts >= v_max
    order by e.ssml_available_at
    limit 1000
    for update skip locked
  ));
  get diagnostics v_swept = row_count;
  perform pipeline.queue_due_ssml();
  return v_swept;
end
$$;

create function pipeline.sweep_audio()
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_max int := (select s.max_attempts from pipeline.stages as s where s.stage = 'audio');
  v_swept int;
begin
  update public.analysis_feedback as f
  set
    audio_status = 'failed',
    audio_available_at = null,
    audio_turn = null,
    audio_lease_token = null,
    audio_error_code = case f.audio_status
      when 'processing' then 'lease_expired' else coalesce(f.audio_error_code, 'internal_error')
    end,
    audio_last_error = case f.audio_status
      when 'processing'
      then format('The worker vanished in each of %s attempts.', f.audio_attempts)
      else f.audio_last_error
    end,
    audio_updated_at = v_now
  where f.id = any (array(
    select e.id
    from public.analysis_feedback as e
    where e.audio_status = 'processing' and e.audio_available_at <= v_now
      and e.audio_attempts >= v_max
    order by e.audio_available_at
    limit 1000
    for update skip locked
  ) || array(
    select e.id
    from public.analysis_feedback as e
    where e.audio_status = 'queued' and e.audio_turn is null and e.audio_available_at <= v_now
      and e.audio_attempts >= v_max
    order by e.audio_available_at
    limit 1000
    for update skip locked
  ));
  get diagnostics v_swept = row_count;
  perform pipeline.queue_due_audio();
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
