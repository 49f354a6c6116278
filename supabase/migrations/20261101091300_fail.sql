-- A worker gives up on an item: back into the queue with a backoff where another attempt may help
-- and one is left, else failed for good. Each answers 'queued', 'failed' or 'stale'.

-- Half to all of base * 2^(attempt - 1), at most the cap: the spread keeps items that failed
-- together from coming back together.
create function pipeline.backoff(stage text, attempt int)
returns interval
language sql volatile security invoker set search_path = ''
as $$
  select make_interval(secs => (
    least(
      s.backoff_cap_seconds,
      s.backoff_base_seconds * 2 ^ least(greatest(backoff.attempt, 1) - 1, 30)
    ) * (0.5 + random()::numeric / 2)
  )::double precision)
  from pipeline.stages as s
  where s.stage = backoff.stage
$$;

create function pipeline.fail_analysis(
  id bigint, lease_token uuid, error_code text, message text, retryable boolean
)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_max int := (select s.max_attempts from pipeline.stages as s where s.stage = 'analysis');
  v_status text;
begin
  update public.analysis_jobs as j
  set
    status = case
      when fail_analysis.retryable and j.attempts < v_max then 'queued' else 'failed'
    end,
    available_at = case
      when fail_analysis.retryable and j.attempts < v_max
      then v_now + pipeline.backoff('analysis', j.attempts)
    end,
    turn = null,
    lease_token = null,
    error_code = coalesce(fail_analysis.error_code, 'internal_error'),
    last_error = left(fail_analysis.message, 2000),
    updated_at = v_now
  where j.id = fail_analysis.id
    and j.status = 'processing'
    and j.lease_token = fail_analysis.lease_token
  returning j.status into v_status;
  if found then
    perform pipeline.note_failure('analysis', fail_analysis.error_code);
  end if;
  return coalesce(v_status, 'stale');
end
$$;

create function pipeline.fail_ssml(
  id bigint, lease_token uuid, error_code text, message text, retryable boolean
)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_max int := (select s.max_attempts from pipeline.stages as s where s.stage = 'ssml');
  v_status text;
begin
  update public.analysis_feedback as f
  set
    ssml_status = case
      when fail_ssml.retryable and f.ssml_attempts < v_max then 'queued' else 'failed'
    end,
    ssml_available_at = case
      when fail_ssml.retryable and f.ssml_attempts < v_max
      then v_now + pipeline.backoff('ssml', f.ssml_attempts)
    end,
    ssml_turn = null,
    ssml_lease_token = null,
    ssml_error_code = coalesce(fail_ssml.error_code, 'internal_error'),
    ssml_last_error = left(fail_ssml.message, 2000),
    ssml_updated_at = v_now
  where f.id = fail_ssml.id
    and f.ssml_status = 'processing'
    and f.ssml_lease_token = fail_ssml.lease_token
  returning f.ssml_status into v_status;
  if found then
    perform pipeline.note_failure('ssml', fail_ssml.error_code);
  end if;
  return coalesce(v_status, 'stale');
end
$$;

create function pipeline.fail_audio(
  id bigint, lease_token uuid, error_code text, message text, retryable boolean
)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_max int := (select s.max_attempts from pipeline.stages as s where s.stage = 'audio');
  v_status text;
begin
  update public.analysis_feedback as f
  set
    audio_status = case
      when fail_audio.retryable and f.audio_attempts < v_max then 'queued' else 'failed'
    end,
    audio_available_at = case
      when fail_audio.retryable and f.audio_attempts < v_max
      then v_now + pipeline.backoff('audio', f.audio_attempts)
    end,
    audio_turn = null,
    audio_lease_token = null,
    audio_error_code = coalesce(fail_audio.error_code, 'internal_error'),
    audio_last_error = left(fail_audio.message, 2000),
    audio_updated_at = v_now
  where f.id = fail_audio.id
    and f.audio_status = 'processing'
    and f.audio_lease_token = fail_audio.lease_token
  returning f.audio_status into v_status;
  if found then
    perform pipeline.note_failure('audio', fail_audio.error_code);
  end if;
  return coalesce(v_status, 'stale');
end
$$;

revoke all on function pipeline.backoff(text, int) from public, anon, authenticated;
revoke all on function pipeline.fail_analysis(bigint, uuid, text, text, boolean)
from public, anon, authenticated;
revoke all on function pipeline.fail_ssml(bigint, uuid, text, text, boolean)
from public, anon, authenticated;
revoke all on function pipeline.fail_audio(bigint, uuid, text, text, boolean)
from public, anon, authenticated;
grant execute on function pipeline.backoff(text, int) to service_role;
grant execute on function pipeline.fail_analysis(bigint, uuid, text, text, boolean) to service_role;
grant execute on function pipeline.fail_ssml(bigint, uuid, text, text, boolean) to service_role;
grant execute on function pipeline.fail_audio(bigint, uuid, text, text, boolean) to service_role;
