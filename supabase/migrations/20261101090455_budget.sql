-- How much one claim may take.

-- What a claim has to know, in one look: the stage's settings, its slots, what its provider lets
-- through, where the watermark is. Under a limit of the provider (`metered`) claims come one after
-- the other. Under the caps up to 16 go at once where there is room for so many of them; nearer
-- (`capped`) they come one after the other, and after all of those. Whoever waited looks again.
-- One claim a second (`sweeps`) has swept, and looks below the watermark. A probe is one item, of
-- another owner (`avoid`).
create function pipeline.claim_budget(
  stage text, batch_size int, lease_seconds int, model text, at timestamptz,
  out items int, out lease_ends_at timestamptz, out from_turn bigint, out sweeps boolean,
  out per_user int, out capped boolean, out daily_attempts int, out metered boolean,
  out probing boolean, out avoid uuid
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v record;
  v_key int := hashtext('pipeline.pick ' || claim_budget.stage);
begin
  capped := false;
  metered := false;
  loop
    select s.enabled, s.model, s.max_concurrency, s.daily_attempts_per_user,
      coalesce(claim_budget.batch_size, s.batch_size) as wanted,
      coalesce(claim_budget.lease_seconds, s.lease_seconds) as seconds,
      coalesce(s.max_concurrency_per_user, (s.max_concurrency + 1) / 2) as per_user,
      c.from_turn, c.moved_at, pipeline.provider_room(l, claim_budget.at) as room,
      l.open_until, l.probe_user, h.live, h.most
    into strict v
    from pipeline.stages as s
    join pipeline.stage_clocks as c on c.stage = s.stage
    left join pipeline.provider_limits as l on l.provider = s.provider and l.model = s.model
    cross join lateral (
      select coalesce(sum(o.items), 0)::int as live, coalesce(max(o.items), 0)::int as most
      from (
        select count(*) as items from pipeline.tasks as t
        where t.stage = s.stage and t.turn is null and t.lease_token is not null
          and t.available_at > claim_budget.at
        group by t.user_id
      ) as o
    ) as h
    where s.stage = claim_budget.stage;
    items := case when v.enabled then least(v.wanted, v.room) else 0 end;
    if v.model <> claim_budget.model then
      perform pipeline.use_model(claim_budget.stage, claim_budget.model);
    elsif v.room is not null and not metered then
      metered := pipeline.lock_limits(claim_budget.stage);
    elsif capped or items < 1 then
      exit;
    else
      capped := not pipeline.take_slot(
        v_key, least((v.max_concurrency - v.live) / items, (v.per_user - v.most) / items)
      );
      exit when not capped;
    end if;
  end loop;
  items := least(items, v.max_concurrency - v.live);
  per_user := v.per_user;
  daily_attempts := v.daily_attempts_per_user;
  lease_ends_at := claim_budget.at + make_interval(secs => v.seconds);
  probing := v.open_until is not null;
  avoid := v.probe_user;
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
create function pipeline.lock_limits(stage text)
returns boolean
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  perform from pipeline.provider_limits as l
  where (l.provider, l.model) = (
    select s.provider, s.model from pipeline.stages as s where s.stage = lock_limits.stage
  )
  for no key update;
  return true;
end
$$;

-- One of 16 places among the claims that go at once, where there is room for `room` of them. False
-- where there is none: from here this claim is the only one.
create function pipeline.take_slot(key int, room int)
returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  for v_slot in 1 .. least(16, take_slot.room) loop
    if pg_try_advisory_xact_lock(take_slot.key, v_slot) then
      return true;
    end if;
  end loop;
  for v_slot in 1 .. 16 loop
    perform pg_advisory_xact_lock(take_slot.key, v_slot);
  end loop;
  return false;
end
$$;

revoke all on function
  pipeline.claim_budget(text, int, int, text, timestamptz),
  pipeline.lock_limits(text),
  pipeline.take_slot(int, int)
from public, anon, authenticated;
grant execute on function
  pipeline.claim_budget(text, int, int, text, timestamptz),
  pipeline.lock_limits(text),
  pipeline.take_slot(int, int)
to service_role;
