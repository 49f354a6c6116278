-- A held lease: lengthened while a provider takes its time, or handed back unused when the
-- isolate is told to stop: the attempt is then not counted, and the item goes to the front.

-- The lease's new end, counted from now; null when stale.
create function pipeline.extend_analysis(
  id bigint, lease_token uuid, lease_seconds int default null
)
returns timestamptz
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_ends_at timestamptz := v_now + pipeline.lease_interval(coalesce(
    extend_analysis.lease_seconds,
    (select s.lease_seconds from pipeline.stages as s where s.stage = 'analysis')
  ));
  v_available_at timestamptz;
begin
  update public.analysis_jobs as j
  set available_at = v_ends_at, turn = null
  where j.id = extend_analysis.id
    and j.status = 'processing'
    and j.lease_token = extend_analysis.lease_token
  returning j.available_at into v_available_at;
  return v_available_at;
end
$$;

-- The lease's new end, counted from now; null when stale.
create function pipeline.extend_ssml(
  id bigint, lease_token uuid, lease_seconds int default null
)
returns timestamptz
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_ends_at timestamptz := v_now + pipeline.lease_interval(coalesce(
    extend_ssml.lease_seconds,
    (select s.lease_seconds from pipeline.stages as s where s.stage = 'ssml')
  ));
  v_available_at timestamptz;
begin
  update public.analysis_feedback as f
  set ssml_available_at = v_ends_at, ssml_turn = null
  where f.id = extend_ssml.id
    and f.ssml_status = 'processing'
    and f.ssml_lease_token = extend_ssml.lease_token
  returning f.ssml_available_at into v_available_at;
  return v_available_at;
end
$$;

-- The lease's new end, counted from now; null when stale.
create function pipeline.extend_audio(
  id bigint, lease_token uuid, lease_seconds int default null
)
returns timestamptz
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_ends_at timestamptz := v_now + pipeline.lease_interval(coalesce(
    extend_audio.lease_seconds,
    (select s.lease_seconds from pipeline.stages as s where s.stage = 'audio')
  ));
  v_available_at timestamptz;
begin
  update public.analysis_feedback as f
  set audio_available_at = v_ends_at, audio_turn = null
  where f.id = extend_audio.id
    and f.audio_status = 'processing'
    and f.audio_lease_token = extend_audio.lease_token
  returning f.audio_available_at into v_available_at;
  return v_available_at;
end
$$;

-- 'queued' or 'stale'.
create function pipeline.release_analysis(id bigint, lease_token uuid)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_status text;
begin
  update public.analysis_jobs as j
  set
    status = 'queued',
    attempts = greatest(j.attempts - 1, 0),
    available_at = v_now,
    turn = (select s.last_value from pipeline.analysis_served_turn as s),
    lease_token = null,
    updated_at = v_now
  where j.id = release_analysis.id
    and j.status = 'processing'
    and j.lease_token = release_analysis.lease_token
  returning j.status into v_status;
  return coalesce(v_status, 'stale');
end
$$;

-- 'queued' or 'stale'.
create function pipeline.release_ssml(id bigint, lease_token uuid)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_status text;
begin
  update public.analysis_feedback as f
  set
    ssml_status = 'queued',
    ssml_attempts = greatest(f.ssml_attempts - 1, 0),
    ssml_available_at = v_now,
    ssml_turn = (select s.last_value from pipeline.ssml_served_turn as s),
    ssml_lease_token = null,
    ssml_updated_at = v_now
  where f.id = release_ssml.id
    and f.ssml_status = 'processing'
    and f.ssml_lease_token = release_ssml.lease_token
  returning f.ssml_status into v_status;
  return coalesce(v_status, 'stale');
end
$$;

-- 'queued' or 'stale'.
create function pipeline.release_audio(id bigint, lease_token uuid)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_status text;
begin
  update public.analysis_feedback as f
  set
    audio_status = 'queued',
    audio_attempts = greatest(f.audio_attempts - 1, 0),
    audio_available_at = v_now,
    audio_turn = (select s.last_value from pipeline.audio_served_turn as s),
    audio_lease_token = null,
    audio_updated_at = v_now
  where f.id = release_audio.id
    and f.audio_status = 'processing'
    and f.audio_lease_token = release_audio.lease_token
  returning f.audio_status into v_status;
  return coalesce(v_status, 'stale');
end
$$;

revoke all on function pipeline.extend_analysis(bigint, uuid, int) from public, anon, authenticated;
revoke all on function pipeline.extend_ssml(bigint, uuid, int) from public, anon, authenticated;
revoke all on function pipeline.extend_audio(bigint, uuid, int) from public, anon, authenticated;
revoke all on function pipeline.release_analysis(bigint, uuid) from public, anon, authenticated;
revoke all on function pipeline.release_ssml(bigint, uuid) from public, anon, authenticated;
revoke all on function pipeline.release_audio(bigint, uuid) from public, anon, authenticated;
grant execute on function pipeline.extend_analysis(bigint, uuid, int) to service_role;
grant execute on function pipeline.extend_ssml(bigint, uuid, int) to service_role;
grant execute on function pipeline.extend_audio(bigint, uuid, int) to service_role;
grant execute on function pipeline.release_analysis(bigint, uuid) to service_role;
grant execute on function pipeline.release_ssml(bigint, uuid) to service_role;
grant execute on function pipeline.release_audio(bigint, uuid) to service_role;
