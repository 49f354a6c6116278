-- What is due gets a turn: leases that have ended, and retries whose backoff or delay is over.
-- Called by each sweep, after what has no attempt left has failed. Takes at most 1,000 leases and
-- 5,000 retries, by the index of what waits.
--
-- A lease that ended goes to the front, for it has had its turn. A retry queues up again as new
-- work of its owner, so that one owner's thousand failures do not come before another's first try.
-- An item whose lease ended stays 'processing' under its token until somebody claims it.

create function pipeline.queue_due_analysis()
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_max int := (select s.max_attempts from pipeline.stages as s where s.stage = 'analysis');
  v_ids bigint[];
  v_turns bigint[];
begin
  update public.analysis_jobs as j
  set turn = (select s.last_value from pipeline.analysis_served_turn as s)
  where j.id = any (array(
    select e.id
    from public.analysis_jobs as e
    where e.status = 'processing' and e.turn is null and e.available_at <= v_now
      and e.attempts < v_max
    order by e.available_at
    limit 1000
    for update skip locked
  ));

  for v_round in 1 .. 5 loop
    with due as materialized (
      select w.id, w.user_id, w.available_at as since
      from public.analysis_jobs as w
      where w.status = 'queued' and w.turn is null and w.available_at <= v_now
        and w.attempts < v_max
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
    exit when v_ids is null;
    update public.analysis_jobs as j
    set turn = v_turns[array_position(v_ids, j.id)]
    where j.id = any (v_ids);
    exit when cardinality(v_ids) < 1000;
  end loop;
end
$$;

create function pipeline.queue_due_ssml()
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_max int := (select s.max_attempts from pipeline.stages as s where s.stage = 'ssml');
  v_ids bigint[];
  v_turns bigint[];
begin
  update public.analysis_feedback as f
  set ssml_turn = (select s.last_value from pipeline.ssml_served_turn as s)
  where f.id = any (array(
    select e.id
    from public.analysis_feedback as e
    where e.ssml_status = 'processing' and e.ssml_turn is null and e.ssml_available_at <= v_now
      and e.ssml_attempts < v_max
    order by e.ssml_available_at
    limit 1000
    for update skip locked
  ));

  for v_round in 1 .. 5 loop
    with due as materialized (
      select w.id, w.user_id, w.ssml_available_at as since
      from public.analysis_feedback as w
      where w.ssml_status = 'queued' and w.ssml_turn is null and w.ssml_available_at <= v_now
        and w.ssml_attempts < v_max
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
    exit when v_ids is null;
    update public.analysis_feedback as f
    set ssml_turn = v_turns[array_position(v_ids, f.id)]
    where f.id = any (v_ids);
    exit when cardinality(v_ids) < 1000;
  end loop;
end
$$;

create function pipeline.queue_due_audio()
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_max int := (select s.max_attempts from pipeline.stages as s where s.stage = 'audio');
  v_ids bigint[];
  v_turns bigint[];
begin
  update public.analysis_feedback as f
  set audio_turn = (select s.last_value from pipeline.audio_served_turn as s)
  where f.id = any (array(
    select e.id
    from public.analysis_feedback as e
    where e.audio_status = 'processing' and e.audio_turn is null and e.audio_available_at <= v_now
      and e.audio_attempts < v_max
    order by e.audio_available_at
    limit 1000
    for update skip locked
  ));

  for v_round in 1 .. 5 loop
    with due as materialized (
      select w.id, w.user_id, w.audio_available_at as since
      from public.analysis_feedback as w
      where w.audio_status = 'queued' and w.audio_turn is null and w.audio_available_at <= v_now
        and w.audio_attempts < v_max
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
    exit when v_ids is null;
    update public.analysis_feedback as f
    set audio_turn = v_turns[array_position(v_ids, f.id)]
    where f.id = any (v_ids);
    exit when cardinality(v_ids) < 1000;
  end loop;
end
$$;

revoke all on function pipeline.queue_due_analysis() from public, anon, authenticated;
revoke all on function pipeline.queue_due_ssml() from public, anon, authenticated;
revoke all on function pipeline.queue_due_audio() from public, anon, authenticated;
grant execute on function pipeline.queue_due_analysis() to service_role;
grant execute on function pipeline.queue_due_ssml() to service_role;
grant execute on function pipeline.queue_due_audio() to service_role;
