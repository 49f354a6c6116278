-- Workers hand in SSML and audio: segments and status in one transaction, and only with the token
-- of the claim. A stale result writes nothing at all. New SSML queues its audio in the same write:
-- a second version of the row, by its segments' trigger, would cost as much as the first.

-- Jobs are locked before several of their feedback, as deleting a recording does; else the two
-- could wait for each other.
create function pipeline.lock_jobs_of(feedback_ids bigint[])
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  perform from public.analysis_jobs as j
  where j.id = any (array(
    select f.analysis_job_id from public.analysis_feedback as f
    where f.id = any (lock_jobs_of.feedback_ids)
  ))
  order by j.id
  for key share;
end
$$;

create function pipeline.complete_ssml(results jsonb)
returns table (id bigint, outcome text)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_ids bigint[];
  v_tokens uuid[];
  v_turns bigint[];
  v_done bigint[];
begin
  select c.ids, c.lease_tokens into v_ids, v_tokens
  from pipeline.check_results('ssml', complete_ssml.results) as c;
  v_turns := pipeline.next_audio_turns(v_ids);

  if cardinality(v_ids) > 1 then
    perform pipeline.lock_jobs_of(v_ids);
  end if;

  with fenced as (
    update public.analysis_feedback as f
    set ssml_status = 'completed', ssml_available_at = null, ssml_turn = null,
      ssml_lease_token = null, ssml_error_code = null, ssml_last_error = null,
      ssml_updated_at = v_now,
      audio_status = 'queued', audio_attempts = 0, audio_available_at = v_now,
      audio_turn = v_turns[array_position(v_ids, f.id)], audio_lease_token = null,
      audio_deferred_seconds = 0, audio_error_code = null, audio_last_error = null,
      audio_updated_at = v_now
    where f.id = any (v_ids)
      and f.ssml_status = 'processing'
      and f.ssml_lease_token = v_tokens[array_position(v_ids, f.id)]
    returning f.id
  )
  select coalesce(array_agg(f.id), '{}') into v_done from fenced as f;
  if cardinality(v_done) > 0 then
    perform pipeline.provider_answered('ssml');
    perform nextval('pipeline.arrivals');
  end if;

  delete from public.analysis_ssml_segments as s where s.feedback_id = any (v_done);
  perform set_config('pipeline.audio_is_queued', 'yes', true);
  insert into public.analysis_ssml_segments
    (feedback_id, segment_index, ssml, provider, version, created_at)
  select r.id, s.segment_index, s.ssml, r.provider, r.version, v_now
  from jsonb_to_recordset(complete_ssml.results)
    as r (id bigint, provider text, version text, segments jsonb)
  cross join jsonb_to_recordset(r.segments) as s (segment_index int, ssml text)
  where r.id = any (v_done);
  perform set_config('pipeline.audio_is_queued', '', true);

  return query
  select i.id, case when i.id = any (v_done) then 'completed' else 'stale' end
  from unnest(v_ids) with ordinality as i (id, place)
  order by i.place;
end
$$;

create function pipeline.complete_audio(results jsonb)
returns table (id bigint, outcome text)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_ids bigint[];
  v_tokens uuid[];
  v_done bigint[];
  v_incomplete bigint;
begin
  select c.ids, c.lease_tokens into v_ids, v_tokens
  from pipeline.check_results('audio', complete_audio.results) as c;

  if cardinality(v_ids) > 1 then
    perform pipeline.lock_jobs_of(v_ids);
  end if;

  with fenced as (
    update public.analysis_feedback as f
    set audio_status = 'completed', audio_available_at = null, audio_turn = null,
      audio_lease_token = null, audio_error_code = null, audio_last_error = null,
      audio_updated_at = v_now
    where f.id = any (v_ids)
      and f.audio_status = 'processing'
      and f.audio_lease_token = v_tokens[array_position(v_ids, f.id)]
    returning f.id
  )
  select coalesce(array_agg(f.id), '{}') into v_done from fenced as f;
  if cardinality(v_done) > 0 then
    perform pipeline.provider_answered('audio');
  end if;

  select r.id into v_incomplete
  from jsonb_to_recordset(complete_audio.results) as r (id bigint, segments jsonb)
  where r.id = any (v_done)
    and array(
      select (a ->> 'segment_index')::int from jsonb_array_elements(r.segments) as a order by 1
    ) <> array(
      select s.segment_index from public.analysis_ssml_segments as s
      where s.feedback_id = r.id order by 1
    )
  limit 1;
  if found then
    raise exception 'feedback %: its audio and SSML segments differ', v_incomplete
      using errcode = 'SL004';
  end if;

  delete from public.analysis_audio_segments as s where s.feedback_id = any (v_done);
  insert into public.analysis_audio_segments
    (feedback_id, segment_index, audio_url, format, duration_ms, provider, version, created_at)
  select r.id, s.segment_index, s.audio_url, s.format, s.duration_ms, r.provider, r.version, v_now
  from jsonb_to_recordset(complete_audio.results)
    as r (id bigint, provider text, version text, segments jsonb)
  cross join jsonb_to_recordset(r.segments)
    as s (segment_index int, audio_url text, format text, duration_ms int)
  where r.id = any (v_done);

  return query
  select i.id, case when i.id = any (v_done) then 'completed' else 'stale' end
  from unnest(v_ids) with ordinality as i (id, place)
  order by i.place;
end
$$;

revoke all on function pipeline.lock_jobs_of(bigint[]) from public, anon, authenticated;
revoke all on function pipeline.complete_ssml(jsonb) from public, anon, authenticated;
revoke all on function pipeline.complete_audio(jsonb) from public, anon, authenticated;
grant execute on function pipeline.lock_jobs_of(bigint[]) to service_role;
grant execute on function pipeline.complete_ssml(jsonb) to service_role;
grant execute on function pipeline.complete_audio(jsonb) to service_role;
