-- A worker claims a batch: each row's attempt is counted, it gets a lease and a fresh token, and
-- all that the worker needs comes back. `model` is the one that the worker is going to ask.
--
-- The shape matters: ids reach the update as an array, and parents are looked up row by row
-- (lateral, limit 1). A join would be planned without knowing the limit and read the whole table.
-- Sequential and bitmap scans are off because plans that were made while the tables were empty
-- would otherwise stay until the next analyze, and read all that is ready; plans are generic
-- because planning each statement anew took half of a claim's time (870 us, 400 us without).

create function pipeline.claim_analysis(
  batch_size int default null, lease_seconds int default null, model text default null
)
returns table (
  id bigint, lease_token uuid, attempt int, lease_expires_at timestamptz, correlation_id uuid,
  user_id uuid, video_recording_id bigint, storage_path text, mime_type text, file_size bigint,
  duration_seconds numeric, original_filename text, language text, coach jsonb
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_ids bigint[];
  v_lease_ends_at timestamptz;
begin
  select t.ids, t.lease_ends_at into v_ids, v_lease_ends_at
  from pipeline.take_analysis(
    claim_analysis.batch_size, claim_analysis.lease_seconds, claim_analysis.model, v_now
  ) as t;
  if cardinality(v_ids) = 0 then
    return;
  end if;

  return query
  with claimed as (
    update public.analysis_jobs as j
    set
      status = 'processing',
      attempts = j.attempts + 1,
      available_at = v_lease_ends_at,
      turn = null,
      lease_token = gen_random_uuid(),
      updated_at = v_now
    where j.id = any (v_ids)
    returning j.*
  )
  select
    c.id, c.lease_token, c.attempts, c.available_at, c.correlation_id,
    c.user_id, c.video_recording_id, v.storage_path, v.mime_type, v.file_size,
    v.duration_seconds, v.original_filename, v.language, c.coach
  from claimed as c
  cross join lateral (
    select r.* from public.video_recordings as r where r.id = c.video_recording_id limit 1
  ) as v
  order by c.id;
end
$$;

create function pipeline.claim_ssml(
  batch_size int default null, lease_seconds int default null, model text default null
)
returns table (
  id bigint, lease_token uuid, attempt int, lease_expires_at timestamptz, correlation_id uuid,
  user_id uuid, analysis_job_id bigint, message text, drill text, language text, coach jsonb
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_ids bigint[];
  v_lease_ends_at timestamptz;
begin
  select t.ids, t.lease_ends_at into v_ids, v_lease_ends_at
  from pipeline.take_ssml(
    claim_ssml.batch_size, claim_ssml.lease_seconds, claim_ssml.model, v_now
  ) as t;
  if cardinality(v_ids) = 0 then
    return;
  end if;

  return query
  with claimed as (
    update public.analysis_feedback as f
    set
      ssml_status = 'processing',
      ssml_attempts = f.ssml_attempts + 1,
      ssml_available_at = v_lease_ends_at,
      ssml_turn = null,
      ssml_lease_token = gen_random_uuid(),
      ssml_updated_at = v_now
    where f.id = any (v_ids)
    returning f.*
  )
  select
    c.id, c.ssml_lease_token, c.ssml_attempts, c.ssml_available_at, j.correlation_id,
    c.user_id, c.analysis_job_id, c.message, c.drill, v.language, j.coach
  from claimed as c
  cross join lateral (
    select r.* from public.analysis_jobs as r where r.id = c.analysis_job_id limit 1
  ) as j
  cross join lateral (
    select r.* from public.video_recordings as r where r.id = j.video_recording_id limit 1
  ) as v
  order by c.id;
end
$$;

create function pipeline.claim_audio(
  batch_size int default null, lease_seconds int default null, model text default null
)
returns table (
  id bigint, lease_token uuid, attempt int, lease_expires_at timestamptz, correlation_id uuid,
  user_id uuid, analysis_job_id bigint, language text, coach jsonb, segments jsonb
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_ids bigint[];
  v_lease_ends_at timestamptz;
begin
  select t.ids, t.lease_ends_at into v_ids, v_lease_ends_at
  from pipeline.take_audio(
    claim_audio.batch_size, claim_audio.lease_seconds, claim_audio.model, v_now
  ) as t;
  if cardinality(v_ids) = 0 then
    return;
  end if;

  return query
  with claimed as (
    update public.analysis_feedback as f
    set
      audio_status = 'processing',
      audio_attempts = f.audio_attempts + 1,
      audio_available_at = v_lease_ends_at,
      audio_turn = null,
      audio_lease_token = gen_random_uuid(),
      audio_updated_at = v_now
    where f.id = any (v_ids)
    returning f.*
  )
  select
    c.id, c.audio_lease_token, c.audio_attempts, c.audio_available_at, j.correlation_id,
    c.user_id, c.analysis_job_id, v.language, j.coach,
    (
      select jsonb_agg(
        jsonb_build_object('segment_index', s.segment_index, 'ssml', s.ssml)
        order by s.segment_index
      )
      from public.analysis_ssml_segments as s
      where s.feedback_id = c.id
    )
  from claimed as c
  cross join lateral (
    select r.* from public.analysis_jobs as r where r.id = c.analysis_job_id limit 1
  ) as j
  cross join lateral (
    select r.* from public.video_recordings as r where r.id = j.video_recording_id limit 1
  ) as v
  order by c.id;
end
$$;

revoke all on function pipeline.claim_analysis(int, int, text) from public, anon, authenticated;
revoke all on function pipeline.claim_ssml(int, int, text) from public, anon, authenticated;
revoke all on function pipeline.claim_audio(int, int, text) from public, anon, authenticated;
grant execute on function pipeline.claim_analysis(int, int, text) to service_role;
grant execute on function pipeline.claim_ssml(int, int, text) to service_role;
grant execute on function pipeline.claim_audio(int, int, text) to service_role;
