-- How much one claim may take.

-- How much a claim may take now, and where it begins to look: the caller's wishes, the stage's
-- settings, its slots, and what its provider lets through. Under a limit the claims of the provider
-- come one after the other. Under the caps up to 16 go at once where there is room for so many of
-- them; nearer (`capped`) they come one after the other, and after all of those. One claim a
-- second (`sweeps`) has swept, and looks below the watermark. A probe is one item, of another
-- owner (`avoid`).
create function pipeline.claim_budget(
  settings pipeline.stages, wanted int, model text, at timestamptz,
  out items int, out metered boolean, out probing boolean, out avoid uuid, out capped boolean,
  out per_user int, out sweeps boolean, out from_turn bigint
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v record;
  v_live int;
  v_most int;
  v_key int := hashtext('pipeline.pick ' || settings.stage);
begin
  items := case when settings.enabled then wanted else 0 end;
  capped := false;
  per_user := coalesce(settings.max_concurrency_per_user, (settings.max_concurrency + 1) / 2);
  select pipeline.provider_room(l, claim_budget.at) as room, c.from_turn, c.moved_at into strict v
  from pipeline.stage_clocks as c
  left join pipeline.provider_limits as l on l.provider = settings.provider
    and l.model = coalesce(claim_budget.model, settings.model)
  where c.stage = settings.stage;
  metered := v.room is not null;
  probing := false;
  if metered then
    select least(items, pipeline.provider_room(l, claim_budget.at)), l.open_until is not null,
      l.probe_user
    into items, probing, avoid
    from pipeline.provider_limits as l
    where l.provider = settings.provider and l.model = coalesce(claim_budget.model, settings.model)
    for no key update;
  end if;
  for v_round in 1 .. 2 loop
    select coalesce(sum(l.items), 0), coalesce(max(l.items), 0) into v_live, v_most
    from (
      select count(*) as items from pipeline.tasks as t
      where t.stage = settings.stage and t.turn is null and t.lease_token is not null
        and t.available_at > claim_budget.at
      group by t.user_id
    ) as l;
    exit when capped or items < 1;
    capped := true;
    for v_slot in 1 .. least(
      16, (settings.max_concurrency - v_live) / items, (per_user - v_most) / items
    ) loop
      capped := not pg_try_advisory_xact_lock(v_key, v_slot);
      exit when not capped;
    end loop;
    exit when not capped;
    for v_slot in 1 .. 16 loop
      perform pg_advisory_xact_lock(v_key, v_slot);
    end loop;
  end loop;
  items := least(items, settings.max_concurrency - v_live);
  sweeps := items > 0
    and (v.moved_at <= claim_budget.at - interval '1 second' or v.moved_at > claim_budget.at)
    and pipeline.move_watermark(settings.stage, claim_budget.at);
  from_turn := case when sweeps then 0 else v.from_turn end;
  if sweeps then
    perform pipeline.sweep_stage(settings.stage);
  end if;
end
$$;

revoke all on function pipeline.claim_budget(pipeline.stages, int, text, timestamptz)
from public, anon, authenticated;
grant execute on function pipeline.claim_budget(pipeline.stages, int, text, timestamptz)
to service_role;
