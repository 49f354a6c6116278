-- The first half of a claim: how much, which, and what it costs. The items stay locked until the
-- caller, claim_<stage>(), has leased them.
--
-- A claim is on disk before its worker begins, as every write here. Without that wait claims would
-- be 1.4 times as fast, and a crash of the server could have two workers pay for the same item.
--
-- What others have locked is skipped. A claim that finds less than it may take sweeps and looks
-- again from the very beginning, so that with everybody else gone nothing is left behind.

create function pipeline.take_analysis(
  batch_size int, lease_seconds int, model text, at timestamptz,
  out ids bigint[], out lease_ends_at timestamptz
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_budget record;
  v_first_turn bigint;
  v_last_turn bigint;
begin
  select b.* into v_budget from pipeline.claim_budget(
    'analysis', take_analysis.batch_size, take_analysis.lease_seconds, take_analysis.model,
    take_analysis.at
  ) as b;
  if v_budget.sweeps then
    perform pipeline.sweep_analysis();
  end if;
  ids := '{}';
  lease_ends_at := v_budget.lease_ends_at;
  if v_budget.items < 1 then
    return;
  end if;
  select p.ids, p.first_turn, p.last_turn into ids, v_first_turn, v_last_turn
  from pipeline.pick_analysis(
    v_budget.items, v_budget.from_turn, v_budget.per_user, take_analysis.at
  ) as p;
  if cardinality(ids) < v_budget.items and not v_budget.sweeps then
    perform pipeline.sweep_analysis();
    select p.ids, p.first_turn, p.last_turn into ids, v_first_turn, v_last_turn
    from pipeline.pick_analysis(v_budget.items, 0, v_budget.per_user, take_analysis.at) as p;
  end if;
  if cardinality(ids) = 0 then
    return;
  end if;
  if v_budget.sweeps then
    perform pipeline.lower_watermark('analysis', v_first_turn);
  end if;
  perform setval('pipeline.analysis_served_turn', v_last_turn)
  from pipeline.analysis_served_turn as s where s.last_value < v_last_turn;
  if v_budget.metered then
    perform pipeline.spend('analysis', cardinality(ids), take_analysis.at);
  end if;
end
$$;

create function pipeline.take_ssml(
  batch_size int, lease_seconds int, model text, at timestamptz,
  out ids bigint[], out lease_ends_at timestamptz
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_budget record;
  v_first_turn bigint;
  v_last_turn bigint;
begin
  select b.* into v_budget from pipeline.claim_budget(
    'ssml', take_ssml.batch_size, take_ssml.lease_seconds, take_ssml.model,
    take_ssml.at
  ) as b;
  if v_budget.sweeps then
    perform pipeline.sweep_ssml();
  end if;
  ids := '{}';
  lease_ends_at := v_budget.lease_ends_at;
  if v_budget.items < 1 then
    return;
  end if;
  select p.ids, p.first_turn, p.last_turn into ids, v_first_turn, v_last_turn
  from pipeline.pick_ssml(
    v_budget.items, v_budget.from_turn, v_budget.per_user, take_ssml.at
  ) as p;
  if cardinality(ids) < v_budget.items and not v_budget.sweeps then
    perform pipeline.sweep_ssml();
    select p.ids, p.first_turn, p.last_turn into ids, v_first_turn, v_last_turn
    from pipeline.pick_ssml(v_budget.items, 0, v_budget.per_user, take_ssml.at) as p;
  end if;
  if cardinality(ids) = 0 then
    return;
  end if;
  if v_budget.sweeps then
    perform pipeline.lower_watermark('ssml', v_first_turn);
  end if;
  perform setval('pipeline.ssml_served_turn', v_last_turn)
  from pipeline.ssml_served_turn as s where s.last_value < v_last_turn;
  if v_budget.metered then
    perform pipeline.spend('ssml', cardinality(ids), take_ssml.at);
  end if;
end
$$;

create function pipeline.take_audio(
  batch_size int, lease_seconds int, model text, at timestamptz,
  out ids bigint[], out lease_ends_at timestamptz
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_budget record;
  v_first_turn bigint;
  v_last_turn bigint;
begin
  select b.* into v_budget from pipeline.claim_budget(
    'audio', take_audio.batch_size, take_audio.lease_seconds, take_audio.model,
    take_audio.at
  ) as b;
  if v_budget.sweeps then
    perform pipeline.sweep_audio();
  end if;
  ids := '{}';
  lease_ends_at := v_budget.lease_ends_at;
  if v_budget.items < 1 then
    return;
  end if;
  select p.ids, p.first_turn, p.last_turn into ids, v_first_turn, v_last_turn
  from pipeline.pick_audio(
    v_budget.items, v_budget.from_turn, v_budget.per_user, take_audio.at
  ) as p;
  if cardinality(ids) < v_budget.items and not v_budget.sweeps then
    perform pipeline.sweep_audio();
    select p.ids, p.first_turn, p.last_turn into ids, v_first_turn, v_last_turn
    from pipeline.pick_audio(v_budget.items, 0, v_budget.per_user, take_audio.at) as p;
  end if;
  if cardinality(ids) = 0 then
    return;
  end if;
  if v_budget.sweeps then
    perform pipeline.lower_watermark('audio', v_first_turn);
  end if;
  perform setval('pipeline.audio_served_turn', v_last_turn)
  from pipeline.audio_served_turn as s where s.last_value < v_last_turn;
  if v_budget.metered then
    perform pipeline.spend('audio', cardinality(ids), take_audio.at);
  end if;
end
$$;

revoke all on function pipeline.take_analysis(int, int, text, timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.take_ssml(int, int, text, timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.take_audio(int, int, text, timestamptz)
from public, anon, authenticated;
grant execute on function pipeline.take_analysis(int, int, text, timestamptz) to service_role;
grant execute on function pipeline.take_ssml(int, int, text, timestamptz) to service_role;
grant execute on function pipeline.take_audio(int, int, text, timestamptz) to service_role;
