-- What a claim may take, and where it begins to look.

-- Live leases of a stage, counted up to a bound.
create function pipeline.live_leases(stage text, at_most int)
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  case live_leases.stage
    when 'analysis' then
      return (select count(*) from (
        select from public.analysis_jobs as j
        where j.status = 'processing' and j.available_at > v_now
        limit live_leases.at_most
      ) as live);
    when 'ssml' then
      return (select count(*) from (
        select from public.analysis_feedback as f
        where f.ssml_status = 'processing' and f.ssml_available_at > v_now
        limit live_leases.at_most
      ) as live);
    else
      return (select count(*) from (
        select from public.analysis_feedback as f
        where f.audio_status = 'processing' and f.audio_available_at > v_now
        limit live_leases.at_most
      ) as live);
  end case;
end
$$;

-- A lease's length, refused where it makes no sense.
create function pipeline.lease_interval(lease_seconds int)
returns interval
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if lease_interval.lease_seconds not between 1 and 3600 then
    raise exception 'lease_seconds must be between 1 and 3600' using errcode = 'SL003';
  end if;
  return make_interval(secs => lease_interval.lease_seconds);
end
$$;

-- How much a claim may take now, and until when: the stage's settings, the caller's wishes, the
-- pause switch, the caps and what its provider lets us do. Under a cap, claims of the stage take
-- turns (until the end of their transaction), so that it holds exactly; under a provider's limit
-- (`metered`) those of the provider do. `sweeps` tells the claim to sweep first, and to look below
-- the watermark: at most one claim a second and stage is told so.
create function pipeline.claim_budget(
  stage text, batch_size int, lease_seconds int, model text, at timestamptz,
  out items int, out lease_ends_at timestamptz, out per_user int, out from_turn bigint,
  out sweeps boolean, out metered boolean
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_stage record;
begin
  select s.*, pipeline.provider_room(l, claim_budget.at) as room, w.turn, w.moved_at
  into strict v_stage
  from pipeline.stages as s
  left join pipeline.provider_limits as l
    on l.provider = s.provider and l.model = coalesce(claim_budget.model, s.model)
  join pipeline.watermarks as w on w.stage = s.stage
  where s.stage = claim_budget.stage;
  if v_stage.model <> claim_budget.model then
    perform pipeline.use_model(v_stage.stage, claim_budget.model);
  end if;
  items := coalesce(claim_budget.batch_size, v_stage.batch_size);
  if items not between 1 and 1000 then
    raise exception 'batch_size must be between 1 and 1000' using errcode = 'SL003';
  end if;
  lease_ends_at := claim_budget.at
    + pipeline.lease_interval(coalesce(claim_budget.lease_seconds, v_stage.lease_seconds));
  per_user := v_stage.max_concurrency_per_user;
  metered := v_stage.room is not null;
  sweeps := false;
  if not v_stage.enabled then
    items := 0;
    return;
  end if;
  if v_stage.max_concurrency is not null or per_user is not null then
    perform pg_advisory_xact_lock(hashtextextended('pipeline.claim ' || v_stage.stage, 0));
  end if;
  if v_stage.max_concurrency is not null then
    items := least(items, v_stage.max_concurrency
      - pipeline.live_leases(v_stage.stage, v_stage.max_concurrency));
  end if;
  if metered and items > 0 then
    items := least(items, pipeline.claim_room(
      v_stage.provider, coalesce(claim_budget.model, v_stage.model), claim_budget.at
    ));
  end if;
  -- Only by a claim that may take something: it is the one that looks below.
  if items > 0 then
    sweeps := (
        v_stage.moved_at <= claim_budget.at - interval '1 second'
        or v_stage.moved_at > claim_budget.at
      ) and pipeline.move_watermark(v_stage.stage, claim_budget.at);
    from_turn := case when sweeps then 0 else v_stage.turn end;
  end if;
end
$$;

-- A provider's room, with its row locked: claims under a limit come one after the other.
create function pipeline.claim_room(provider text, model text, at timestamptz)
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  return (
    select pipeline.provider_room(l, claim_room.at)
    from pipeline.provider_limits as l
    where l.provider = claim_room.provider and l.model = claim_room.model
    for no key update
  );
end
$$;

revoke all on function pipeline.live_leases(text, int) from public, anon, authenticated;
revoke all on function pipeline.lease_interval(int) from public, anon, authenticated;
revoke all on function pipeline.claim_budget(text, int, int, text, timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.claim_room(text, text, timestamptz)
from public, anon, authenticated;
grant execute on function pipeline.live_leases(text, int) to service_role;
grant execute on function pipeline.lease_interval(int) to service_role;
grant execute on function pipeline.claim_budget(text, int, int, text, timestamptz)
to service_role;
grant execute on function pipeline.claim_room(text, text, timestamptz) to service_role;
