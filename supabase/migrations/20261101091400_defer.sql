-- A provider asks to come back later: the item waits that long and its attempt is given back, for
-- it did nothing wrong. The delay granted to one item is bounded in all (max_deferred_seconds);
-- beyond that it fails with the given code. Each answers 'queued', 'failed' or 'stale'.

-- The delay that is granted: what was asked for, but at least a second. A provider that always asks
-- for none would else be called again and again, without an attempt counted and without a bound.
create function pipeline.granted_delay(retry_after_seconds numeric)
returns numeric
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if (granted_delay.retry_after_seconds between 0 and 1e9) is not true then
    raise exception 'retry_after_seconds must be between 0 and 1e9' using errcode = 'SL003';
  end if;
  return greatest(granted_delay.retry_after_seconds, 1);
end
$$;

create function pipeline.defer_analysis(
  id bigint, lease_token uuid, retry_after_seconds numeric,
  error_code text default 'provider_rate_limited'
)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_delay numeric := pipeline.granted_delay(defer_analysis.retry_after_seconds);
  v_bound numeric := (
    select s.max_deferred_seconds from pipeline.stages as s where s.stage = 'analysis'
  );
  v_status text;
begin
  update public.analysis_jobs as j
  set
    status = case
      when j.deferred_seconds + v_delay <= v_bound then 'queued' else 'failed'
    end,
    attempts = case
      when j.deferred_seconds + v_delay <= v_bound
      then greatest(j.attempts - 1, 0) else j.attempts
    end,
    available_at = case
      when j.deferred_seconds + v_delay <= v_bound
      then v_now + make_interval(secs => v_delay::double precision)
    end,
    deferred_seconds = j.deferred_seconds + v_delay,
    turn = null,
    lease_token = null,
    error_code = coalesce(defer_analysis.error_code, 'provider_rate_limited'),
    last_error = format('The provider asked to wait %s s.', round(v_delay, 1)),
    updated_at = v_now
  where j.id = defer_analysis.id
    and j.status = 'processing'
    and j.lease_token = defer_analysis.lease_token
  returning j.status into v_status;
  if found then
    perform pipeline.provider_answered('analysis');
    perform pipeline.hold_provider(
      'analysis', v_now + make_interval(secs => v_delay::double precision)
    );
  end if;
  return coalesce(v_status, 'stale');
end
$$;

create function pipeline.defer_ssml(
  id bigint, lease_token uuid, retry_after_seconds numeric,
  error_code text default 'provider_rate_limited'
)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_delay numeric := pipeline.granted_delay(defer_ssml.retry_after_seconds);
  v_bound numeric := (
    select s.max_deferred_seconds from pipeline.stages as s where s.stage = 'ssml'
  );
  v_status text;
begin
  update public.analysis_feedback as f
  set
    ssml_status = case
      when f.ssml_deferred_seconds + v_delay <= v_bound then 'queued' else 'failed'
    end,
    ssml_attempts = case
      when f.ssml_deferred_seconds + v_delay <= v_bound
      then greatest(f.ssml_attempts - 1, 0) else f.ssml_attempts
    end,
    ssml_available_at = case
      when f.ssml_deferred_seconds + v_delay <= v_bound
      then v_now + make_interval(secs => v_delay::double precision)
    end,
    ssml_deferred_seconds = f.ssml_deferred_seconds + v_delay,
    ssml_turn = null,
    ssml_lease_token = null,
    ssml_error_code = coalesce(defer_ssml.error_code, 'provider_rate_limited'),
    ssml_last_error = format('The provider asked to wait %s s.', round(v_delay, 1)),
    ssml_updated_at = v_now
  where f.id = defer_ssml.id
    and f.ssml_status = 'processing'
    and f.ssml_lease_token = defer_ssml.lease_token
  returning f.ssml_status into v_status;
  if found then
    perform pipeline.provider_answered('ssml');
    perform pipeline.hold_provider(
      'ssml', v_now + make_interval(secs => v_delay::double precision)
    );
  end if;
  return coalesce(v_status, 'stale');
end
$$;

create function pipeline.defer_audio(
  id bigint, lease_token uuid, retry_after_seconds numeric,
  error_code text default 'provider_rate_limited'
)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_delay numeric := pipeline.granted_delay(defer_audio.retry_after_seconds);
  v_bound numeric := (
    select s.max_deferred_seconds from pipeline.stages as s where s.stage = 'audio'
  );
  v_status text;
begin
  update public.analysis_feedback as f
  set
    audio_status = case
      when f.audio_deferred_seconds + v_delay <= v_bound then 'queued' else 'failed'
    end,
    audio_attempts = case
      when f.audio_deferred_seconds + v_delay <= v_bound
      then greatest(f.audio_attempts - 1, 0) else f.audio_attempts
    end,
    audio_available_at = case
      when f.audio_deferred_seconds + v_delay <= v_bound
      then v_now + make_interval(secs => v_delay::double precision)
    end,
    audio_deferred_seconds = f.audio_deferred_seconds + v_delay,
    audio_turn = null,
    audio_lease_token = null,
    audio_error_code = coalesce(defer_audio.error_code, 'provider_rate_limited'),
    audio_last_error = format('The provider asked to wait %s s.', round(v_delay, 1)),
    audio_updated_at = v_now
  where f.id = defer_audio.id
    and f.audio_status = 'processing'
    and f.audio_lease_token = defer_audio.lease_token
  returning f.audio_status into v_status;
  if found then
    perform pipeline.provider_answered('audio');
    perform pipeline.hold_provider(
      'audio', v_now + make_interval(secs => v_delay::double precision)
    );
  end if;
  return coalesce(v_status, 'stale');
end
$$;

revoke all on function pipeline.granted_delay(numeric) from public, anon, authenticated;
revoke all on function pipeline.defer_analysis(bigint, uuid, numeric, text)
from public, anon, authenticated;
revoke all on function pipeline.defer_ssml(bigint, uuid, numeric, text)
from public, anon, authenticated;
revoke all on function pipeline.defer_audio(bigint, uuid, numeric, text)
from public, anon, authenticated;
grant execute on function pipeline.granted_delay(numeric) to service_role;
grant execute on function pipeline.defer_analysis(bigint, uuid, numeric, text) to service_role;
grant execute on function pipeline.defer_ssml(bigint, uuid, numeric, text) to service_role;
grant execute on function pipeline.defer_audio(bigint, uuid, numeric, text) to service_role;
