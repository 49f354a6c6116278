-- How the answers of a provider change what may be claimed for it (pipeline.provider_limits).
-- Workers call none of this: what they report of an item says it all.
--
-- The circuit: failures in a row open it (open_until). When that time is over one item is let
-- through to probe, and its claim keeps the circuit open for all others, twice as long with each
-- probe. An answer closes the circuit; a failure, or a worker that dies, leaves it to the next one.

-- The bucket's tokens at `at`. One that was last filled in a future which a clock has taken back is
-- full.
create function pipeline.refilled_tokens(limits pipeline.provider_limits, at timestamptz)
returns numeric
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  return case
    when limits.refilled_at = '-infinity' or limits.refilled_at > at + interval '1 minute'
    then limits.burst
    else least(
      limits.burst,
      limits.tokens + limits.requests_per_minute
        * greatest(extract(epoch from at - limits.refilled_at), 0) / 60
    )
  end;
end
$$;

-- Items that may be claimed at `at`: null for any number. Pauses and openings that are longer than
-- they can be come from a clock that has gone back, and hold nobody.
create function pipeline.provider_room(limits pipeline.provider_limits, at timestamptz)
returns int
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  return case
    when limits.not_before > at
      and limits.not_before <= at + make_interval(secs => limits.longest_pause_seconds::float8)
    then 0
    when limits.open_until > at
      and limits.open_until <= at + make_interval(secs => limits.longest_open_seconds::float8)
    then 0
    when limits.open_until is not null then 1
    when limits.requests_per_minute is not null
    then floor(pipeline.refilled_tokens(limits, at))::int
  end;
end
$$;

-- Called by claim_budget() when a worker names a model: from now on its row holds for the stage. A
-- new one begins with the settings of the one before.
create function pipeline.use_model(stage text, model text)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  insert into pipeline.provider_limits (
    provider, model, requests_per_minute, burst, longest_pause_seconds, failure_threshold,
    open_seconds, longest_open_seconds
  )
  select
    l.provider, use_model.model, l.requests_per_minute, l.burst, l.longest_pause_seconds,
    l.failure_threshold, l.open_seconds, l.longest_open_seconds
  from pipeline.stages as s
  join pipeline.provider_limits as l on l.provider = s.provider and l.model = s.model
  where s.stage = use_model.stage
  on conflict on constraint provider_limits_pkey do nothing;
  update pipeline.stages as s set model = use_model.model
  where s.stage = use_model.stage and s.model <> use_model.model;
end
$$;

-- Called by a claim that took items under a limit, whose row claim_budget() has locked.
create function pipeline.spend(stage text, items int, at timestamptz)
returns void
language sql volatile security invoker set search_path = ''
as $$
  update pipeline.provider_limits as l
  set
    tokens = case
      when l.requests_per_minute is null then l.tokens
      else greatest(pipeline.refilled_tokens(l, spend.at) - spend.items, 0)
    end,
    refilled_at = case
      when l.refilled_at > spend.at + interval '1 minute' then spend.at
      else greatest(l.refilled_at, spend.at)
    end,
    probes = case when l.open_until is null then 0 else l.probes + 1 end,
    open_until = case
      when l.open_until is not null
      then spend.at + make_interval(secs => least(
        l.longest_open_seconds, l.open_seconds * 2 ^ least(l.probes + 1, 30)
      )::double precision)
    end
  from pipeline.stages as s
  where s.stage = spend.stage and l.provider = s.provider and l.model = s.model
$$;

-- Called by each defer_<stage>: nobody asks this provider and model again before `until`.
create function pipeline.hold_provider(stage text, until timestamptz)
returns void
language sql volatile security invoker set search_path = ''
as $$
  update pipeline.provider_limits as l
  set not_before = greatest(l.not_before, least(
    hold_provider.until,
    pipeline.now() + make_interval(secs => l.longest_pause_seconds::double precision)
  ))
  from pipeline.stages as s
  where s.stage = hold_provider.stage and l.provider = s.provider and l.model = s.model
$$;

-- Called by note_failure() where the provider was not there.
create function pipeline.provider_failed(stage text)
returns void
language sql volatile security invoker set search_path = ''
as $$
  update pipeline.provider_limits as l
  set
    failures = l.failures + 1,
    open_until = case
      when l.open_until is not null then l.open_until
      when l.failures + 1 >= l.failure_threshold
      then pipeline.now() + make_interval(secs => l.open_seconds::double precision)
    end
  from pipeline.stages as s
  where s.stage = provider_failed.stage and l.provider = s.provider and l.model = s.model
$$;

-- Called by each fail_<stage>: only some errors say something of the provider.
create function pipeline.note_failure(stage text, error_code text)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  case
    when note_failure.error_code = 'provider_unavailable' then
      perform pipeline.provider_failed(note_failure.stage);
    when note_failure.error_code in (
      'provider_rejected', 'provider_blocked', 'provider_key_invalid', 'provider_quota_exceeded',
      'provider_rate_limited', 'reply_invalid', 'ssml_invalid', 'audio_invalid', 'audio_silent'
    ) then
      perform pipeline.provider_answered(note_failure.stage);
    else
      null;
  end case;
end
$$;

-- Called by each complete_<stage> and defer_<stage>: the provider is there.
create function pipeline.provider_answered(stage text)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if exists (
    select from pipeline.provider_limits as l where l.failures > 0 or l.open_until is not null
  ) then
    update pipeline.provider_limits as l
    set failures = 0, probes = 0, open_until = null
    from pipeline.stages as s
    where s.stage = provider_answered.stage and l.provider = s.provider and l.model = s.model
      and (l.failures > 0 or l.open_until is not null);
  end if;
end
$$;

revoke all on function pipeline.provider_room(pipeline.provider_limits, timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.refilled_tokens(pipeline.provider_limits, timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.use_model(text, text) from public, anon, authenticated;
revoke all on function pipeline.spend(text, int, timestamptz) from public, anon, authenticated;
revoke all on function pipeline.hold_provider(text, timestamptz) from public, anon, authenticated;
revoke all on function pipeline.provider_failed(text) from public, anon, authenticated;
revoke all on function pipeline.note_failure(text, text) from public, anon, authenticated;
revoke all on function pipeline.provider_answered(text) from public, anon, authenticated;
grant execute on function pipeline.provider_room(pipeline.provider_limits, timestamptz)
to service_role;
grant execute on function pipeline.refilled_tokens(pipeline.provider_limits, timestamptz)
to service_role;
grant execute on function pipeline.use_model(text, text) to service_role;
grant execute on function pipeline.spend(text, int, timestamptz) to service_role;
grant execute on function pipeline.hold_provider(text, timestamptz) to service_role;
grant execute on function pipeline.provider_failed(text) to service_role;
grant execute on function pipeline.note_failure(text, text) to service_role;
grant execute on function pipeline.provider_answered(text) to service_role;
