-- How much one claim may take.

-- What a claim has to know, in one look: the stage's settings, its slots, what its provider lets
-- through, where the watermark is. Under a limit of the provider (`metered_model`) claims come one
-- after the other, and near the caps of a stage (count_leases). Who may have waited for a limit
-- looks again. `capped` where a claim of so many could bring an owner beyond its share. After each
-- pause one claim (`sweeps`) has swept, and looks below the watermark. A probe is one item, of
-- another owner (`avoid`).
--
-- Locks, in this order: the stage, where a worker names another model; the limits; the slots.
create function pipeline.claim_budget(
  stage text, batch_size int, lease_seconds int, model text, at timestamptz,
  out items int, out lease_ends_at timestamptz, out from_turn bigint, out sweeps boolean,
  out per_user int, out capped boolean, out counted boolean, out metered_model text,
  out probing boolean, out avoid uuid, out entries bigint, out suspects uuid[]
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v record;
  h record;
  v_looked boolean := false;
begin
  loop
    select s.enabled, s.model as last_model, coalesce(claim_budget.model, s.model) as model,
      s.provider, s.max_concurrency, coalesce(claim_budget.batch_size, s.batch_size) as wanted,
      num_nonnulls(s.daily_attempts_per_user, s.daily_spend_per_user) > 0
        or exists (select from pipeline.user_quotas as q where q.stage = s.stage) as counted,
      coalesce(claim_budget.lease_seconds, s.lease_seconds) as seconds, c.from_turn,
      c.moved_at > claim_budget.at - interval '0.1 s' and c.moved_at <= claim_budget.at as is_fresh,
      case when c.suspected_until > claim_budget.at then c.suspects else '{}' end as suspects,
      coalesce(s.max_concurrency_per_user, (s.max_concurrency + 1) / 2) as per_user,
      pipeline.provider_room(l, claim_budget.at) as room, l.open_until, l.probe_user
    into strict v
    from pipeline.stages as s
    join pipeline.stage_clocks as c on c.stage = s.stage
    left join pipeline.provider_limits as l on l.provider = s.provider
      and l.model = coalesce(claim_budget.model, s.model)
    where s.stage = claim_budget.stage;
    if v.last_model <> v.model and not v_looked then
      perform pipeline.use_model(claim_budget.stage, v.model);
    elsif v.room is not null and metered_model is null then
      metered_model := pipeline.lock_limits(v.provider, v.model);
    else
      exit;
    end if;
    v_looked := true;
  end loop;
  items := case when v.enabled then least(v.wanted, v.room) else 0 end;
  per_user := v.per_user;
  capped := false;
  if items > 0 and per_user is not null then
    h := pipeline.count_leases(
      claim_budget.stage, claim_budget.at, items = 1 and v.is_fresh, v.max_concurrency, per_user
    );
    items := case when h.crowded then 0 else least(items, v.max_concurrency - h.live) end;
    capped := items > per_user - h.most;
  end if;
  counted := v.counted;
  suspects := v.suspects;
  lease_ends_at := claim_budget.at + make_interval(secs => v.seconds);
  probing := v.open_until is not null;
  avoid := case when probing then v.probe_user end;
  sweeps := items > 0 and not v.is_fresh
    and pipeline.move_watermark(claim_budget.stage, claim_budget.at);
  from_turn := case when sweeps then 0 else v.from_turn end;
  if sweeps then
    entries := pipeline.entries_read();
    perform pipeline.sweep_stage(claim_budget.stage);
  end if;
end
$$;

-- Called by claims for a provider that has a limit now; they come one after the other from here.
create function pipeline.lock_limits(provider text, model text)
returns text
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  perform from pipeline.provider_limits as l
  where l.provider = lock_limits.provider and l.model = lock_limits.model
  for no key update;
  return lock_limits.model;
end
$$;

revoke all on function
  pipeline.claim_budget(text, int, int, text, timestamptz),
  pipeline.lock_limits(text, text)
from public, anon, authenticated;
grant execute on function
  pipeline.claim_budget(text, int, int, text, timestamptz),
  pipeline.lock_limits(text, text)
to service_role;
