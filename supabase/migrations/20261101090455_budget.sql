-- How much one claim may take.

-- Leases that have not ended, of all owners and of the one who holds most of them. Not counted
-- where nobody `asks`: under a transaction that is held open the index keeps what was completed.
-- Bound at creation, so that it is read as a part of the statement that asks.
create function pipeline.live_leases(stage text, at timestamptz, asks boolean)
returns table (live int, most int)
language sql stable security invoker
begin atomic
  select coalesce(sum(o.items), 0)::int, coalesce(max(o.items), 0)::int
  from (
    select count(*) as items from pipeline.tasks as t
    where t.stage = live_leases.stage and t.turn is null and t.lease_token is not null
      and t.available_at > live_leases.at and live_leases.asks
    group by t.user_id
  ) as o;
end;

-- What a claim has to know, in one look: the stage's settings, its slots, what its provider lets
-- through, where the watermark is. Under a limit of the provider (`metered_model`) claims come one
-- after the other. Under the caps up to 16 go at once where there is room for so many of them;
-- nearer (`capped`) they come one after the other, and after all of those. Whoever may have waited
-- looks again. One claim a second (`sweeps`) has swept, and looks below the watermark. A probe is
-- one item, of another owner (`avoid`).
--
-- Locks, in this order: the stage, where a worker names another model; the limits; the slots.
create function pipeline.claim_budget(
  stage text, batch_size int, lease_seconds int, model text, at timestamptz,
  out items int, out lease_ends_at timestamptz, out from_turn bigint, out sweeps boolean,
  out per_user int, out capped boolean, out counted boolean, out metered_model text,
  out probing boolean, out avoid uuid
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v record;
  v_looked boolean := false;
  v_has_slot boolean := false;
begin
  capped := false;
  loop
    select s.enabled, s.model as last_model, coalesce(claim_budget.model, s.model) as model,
      s.provider, s.max_concurrency, coalesce(claim_budget.batch_size, s.batch_size) as wanted,
      num_nonnulls(s.daily_attempts_per_user, s.daily_spend_per_user) > 0
        or exists (select from pipeline.user_quotas as q where q.stage = s.stage) as counted,
      coalesce(claim_budget.lease_seconds, s.lease_seconds) as seconds, c.from_turn, c.moved_at,
      coalesce(s.max_concurrency_per_user, (s.max_concurrency + 1) / 2) as per_user,
      pipeline.provider_room(l, claim_budget.at) as room, l.open_until, l.probe_user, h.live, h.most
    into strict v
    from pipeline.stages as s
    join pipeline.stage_clocks as c on c.stage = s.stage
    left join pipeline.provider_limits as l on l.provider = s.provider
      and l.model = coalesce(claim_budget.model, s.model)
    cross join pipeline.live_leases(
      s.stage, claim_budget.at, coalesce(s.max_concurrency_per_user, s.max_concurrency) is not null
    ) as h
    where s.stage = claim_budget.stage;
    items := case when v.enabled then least(v.wanted, v.room) else 0 end;
    if v.last_model <> v.model and not v_looked then
      perform pipeline.use_model(claim_budget.stage, v.model);
    elsif v.room is not null and metered_model is null then
      exit when capped or v_has_slot; -- A limit that is new is left to the next claim.
      metered_model := pipeline.lock_limits(v.provider, v.model);
    elsif items < 1 or capped or v_has_slot or v.per_user is null then
      exit;
    else
      v_has_slot := pipeline.take_slot(
        claim_budget.stage,
        least((v.max_concurrency - v.live) / items, (v.per_user - v.most) / items)
      );
      capped := not v_has_slot;
      exit when v_has_slot and least(v.max_concurrency - v.live, v.per_user - v.most) > 32 * items;
    end if;
    v_looked := true;
  end loop;
  if v.room is not null and metered_model is null then
    items := 0;
  end if;
  items := least(
    items, v.max_concurrency - v.live, case when v_has_slot then v.per_user - v.most end
  );
  per_user := v.per_user;
  counted := v.counted;
  lease_ends_at := claim_budget.at + make_interval(secs => v.seconds);
  probing := v.open_until is not null;
  avoid := case when probing then v.probe_user end;
  sweeps := items > 0
    and (v.moved_at <= claim_budget.at - interval '1 second' or v.moved_at > claim_budget.at)
    and pipeline.move_watermark(claim_budget.stage, claim_budget.at);
  from_turn := case when sweeps then 0 else v.from_turn end;
  if sweeps then
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

-- One of 16 places among the claims of a stage that go at once, where there is room for `room` of
-- them. False where there is none: from here this claim is the only one.
create function pipeline.take_slot(stage text, room int)
returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_key int := hashtext('pipeline.pick ' || take_slot.stage);
begin
  for v_slot in 1 .. least(16, take_slot.room) loop
    if pg_try_advisory_xact_lock(v_key, v_slot) then
      return true;
    end if;
  end loop;
  for v_slot in 1 .. 16 loop
    perform pg_advisory_xact_lock(v_key, v_slot);
  end loop;
  return false;
end
$$;

revoke all on function
  pipeline.claim_budget(text, int, int, text, timestamptz),
  pipeline.live_leases(text, timestamptz, boolean),
  pipeline.lock_limits(text, text),
  pipeline.take_slot(text, int)
from public, anon, authenticated;
grant execute on function
  pipeline.claim_budget(text, int, int, text, timestamptz),
  pipeline.live_leases(text, timestamptz, boolean),
  pipeline.lock_limits(text, text),
  pipeline.take_slot(text, int)
to service_role;
