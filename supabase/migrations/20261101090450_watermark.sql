-- Where claims begin to look (pipeline.stage_clocks). Below the watermark nothing is left but what
-- committed late, so claims need not walk over the remains of what others took, which a transaction
-- that is held open for long keeps from being cleaned away. Written once a second, not per claim.

-- Called by a claim that found the watermark a second old (or ahead of a clock that went back).
-- True where this claim moved it and so is to sweep and to look below; false where another one is.
create function pipeline.move_watermark(stage text, at timestamptz)
returns boolean
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  update pipeline.stage_clocks as c
  set from_turn = c.next_turn, next_turn = pipeline.served_turn(move_watermark.stage),
    moved_at = move_watermark.at
  where c.stage = any (array(
    select m.stage from pipeline.stage_clocks as m
    where m.stage = move_watermark.stage
      and not (
        m.moved_at > move_watermark.at - interval '1 second' and m.moved_at <= move_watermark.at
      )
    for update skip locked
  ));
  return found;
end
$$;

-- Called by the claim that looked below, with the lowest turn that it found: where one transaction
-- committed late there may be more, and the next second's claims begin there.
create function pipeline.lower_watermark(stage text, turn bigint)
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  update pipeline.stage_clocks as c
  set from_turn = least(c.from_turn, lower_watermark.turn),
    next_turn = least(c.next_turn, lower_watermark.turn)
  where c.stage = any (array(
    select m.stage from pipeline.stage_clocks as m
    where m.stage = lower_watermark.stage and m.from_turn > lower_watermark.turn
    for update skip locked
  ));
end
$$;

revoke all on function
  pipeline.move_watermark(text, timestamptz),
  pipeline.lower_watermark(text, bigint)
from public, anon, authenticated;
grant execute on function
  pipeline.move_watermark(text, timestamptz),
  pipeline.lower_watermark(text, bigint)
to service_role;
