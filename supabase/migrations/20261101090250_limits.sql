-- How the answers of a provider change what may be claimed for it (pipeline.provider_limits).
-- Workers call none of this: what they report of an item says it all.
--
-- The circuit opens when the provider failed for several owners in a row. After a while one item
-- at a time is let through to probe. An answer closes the circuit; a failure of the probe doubles
-- the wait; a probe that never reached the provider is given back, and a worker that vanishes
-- with it leaves it to the next one, of another owner where there is one.
--
-- A refusal (429) makes its item wait. Only where it refused items of several owners since it last
-- answered does the whole model pause.

-- What an error says of the provider: 'failed' (it was not there), 'refused' (too much, later),
-- 'answered' (it did its part, whatever became of it), or nothing, where it was not asked.
create function pipeline.verdict_of(error_code text)
returns text
language sql immutable security invoker
return case
  when error_code = 'provider_unavailable' then 'failed'
  when error_code in ('provider_rate_limited', 'provider_quota_exceeded') then 'refused'
  when error_code in (
    'completed', 'provider_pending', 'provider_rejected', 'provider_blocked',
    'provider_key_invalid', 'reply_invalid', 'ssml_refused', 'ssml_invalid', 'audio_invalid',
    'audio_silent', 'video_unreadable'
  ) then 'answered'
end;

-- The limits after the provider was not there for an item of this owner.
create function pipeline.after_failure(
  limits pipeline.provider_limits, user_id uuid, lease_token uuid, at timestamptz
)
returns pipeline.provider_limits
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_opens boolean;
begin
  if not after_failure.user_id = any (limits.failing_users) then
    limits.failing_users := (limits.failing_users || after_failure.user_id)[1:100];
  end if;
  if limits.open_until is null then
    limits.probes := 0;
    v_opens := cardinality(limits.failing_users) >= limits.failure_threshold;
  else
    v_opens := limits.probe_token = after_failure.lease_token;
    limits.probes := limits.probes + coalesce(v_opens, false)::int;
  end if;
  if v_opens then
    limits.open_until := after_failure.at + make_interval(secs => least(
      limits.longest_open_seconds, limits.open_seconds * 2 ^ least(limits.probes, 30)
    )::float8);
    limits.probe_token := null;
    limits.probe_until := null;
  end if;
  return limits;
end
$$;

-- Called by each call that ends a claim, with what it says of whose item; `delay` is what a refusal
-- asked for. Locks nothing where there is nothing to say.
create function pipeline.note_answer(
  stage text, user_id uuid, lease_token uuid, error_code text, delay double precision
)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_verdict text := pipeline.verdict_of(note_answer.error_code);
  v pipeline.provider_limits;
begin
  select l.* into v
  from pipeline.stages as s
  join pipeline.provider_limits as l on l.provider = s.provider and l.model = s.model
  where s.stage = note_answer.stage;
  if not found or (v_verdict is null and v.probe_token is distinct from note_answer.lease_token)
    or (v_verdict = 'answered' and v.open_until is null and v.failing_users = '{}'
      and (v.refused_users = '{}' or note_answer.error_code <> 'completed'))
  then
    return;
  end if;
  select l.* into v from pipeline.provider_limits as l
  where l.provider = v.provider and l.model = v.model
  for no key update;

  case
    when v_verdict is null then
      perform pipeline.give_back_probe(array[note_answer.lease_token]);
      return;
    when v_verdict = 'failed' then
      v := pipeline.after_failure(v, note_answer.user_id, note_answer.lease_token, v_now);
    else
      v.failing_users := '{}';
      v.open_until := null;
      v.probes := 0;
      v.probe_token := null;
      v.probe_until := null;
      v.probe_user := null;
      if note_answer.error_code = 'completed' then
        v.refused_users := '{}';
      elsif v_verdict = 'refused' then
        if not note_answer.user_id = any (v.refused_users) then
          v.refused_users := (v.refused_users || note_answer.user_id)[1:100];
        end if;
        if cardinality(v.refused_users) > 1 then
          v.not_before := greatest(v.not_before, v_now + make_interval(secs => least(
            coalesce(note_answer.delay, 1), v.longest_pause_seconds::float8
          )));
        end if;
      end if;
  end case;
  update pipeline.provider_limits as l
  set failing_users = v.failing_users, refused_users = v.refused_users, not_before = v.not_before,
    open_until = v.open_until, probes = v.probes, probe_token = v.probe_token,
    probe_until = v.probe_until, probe_user = v.probe_user
  where l.provider = v.provider and l.model = v.model;
end
$$;

-- The probe never asked the provider: the next claim may probe at once. Not waited for, since what
-- deletes items calls it while it has others to lock; else the probe ends with its lease.
create function pipeline.give_back_probe(lease_tokens uuid[])
returns void
language sql volatile security invoker set search_path = ''
as $$
  update pipeline.provider_limits as l set probe_token = null, probe_until = null
  where (l.provider, l.model) in (
    select h.provider, h.model from pipeline.provider_limits as h
    where h.probe_token = any (give_back_probe.lease_tokens)
    for no key update skip locked
  )
$$;

-- Called by pick() when a worker names a model: from now on its row holds for the stage. A new one
-- begins with the settings of the one before.
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

revoke all on function
  pipeline.after_failure(pipeline.provider_limits, uuid, uuid, timestamptz),
  pipeline.verdict_of(text),
  pipeline.note_answer(text, uuid, uuid, text, double precision),
  pipeline.give_back_probe(uuid[]),
  pipeline.use_model(text, text)
from public, anon, authenticated;
grant execute on function
  pipeline.after_failure(pipeline.provider_limits, uuid, uuid, timestamptz),
  pipeline.verdict_of(text),
  pipeline.note_answer(text, uuid, uuid, text, double precision),
  pipeline.give_back_probe(uuid[]),
  pipeline.use_model(text, text)
to service_role;
