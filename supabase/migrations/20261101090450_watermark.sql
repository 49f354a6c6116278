-- Where claims begin to look (pipeline.stage_clocks). Below the watermark nothing is left but what
-- committed late, so claims need not walk over the remains of what others took, which a transaction
-- that is held open for long keeps from being cleaned away: at 2,000 items a second some 320 of
-- them. Written ten times a second, not per claim. Once a second a claim looks below it; less often
-- the more there is to walk over.

-- Called by a claim that found the watermark old (or ahead of a clock that went back). True where
-- this claim moved it and is to sweep and to look below; false where another one does.
create function pipeline.move_watermark(stage text, at timestamptz)
returns boolean
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_looks boolean;
begin
  update pipeline.stage_clocks as c
  set from_turn = c.next_turn, next_turn = pipeline.served_turn(move_watermark.stage),
    moved_at = move_watermark.at,
    looked_at = case
      when c.looked_at > move_watermark.at - make_interval(secs => c.pause_seconds)
        and c.looked_at <= move_watermark.at
      then c.looked_at else move_watermark.at
    end
  where c.stage = any (array(
    select m.stage from pipeline.stage_clocks as m
    where m.stage = move_watermark.stage and not (
      m.moved_at > move_watermark.at - interval '0.1 s' and m.moved_at <= move_watermark.at
    )
    for update skip locked
  ))
  returning c.looked_at = move_watermark.at into v_looks;
  return coalesce(v_looks, false);
end
$$;

-- How many entries of the indexes of turns and of leases this session has walked over.
create function pipeline.entries_read()
returns bigint
language sql volatile security invoker
return pg_stat_get_xact_tuples_returned('pipeline.tasks_ready_idx'::regclass)
  + pg_stat_get_xact_tuples_returned('pipeline.tasks_leased_idx'::regclass);

-- Called by the claim that looked below, with the lowest turn that it found: where one transaction
-- committed late there may be more, and the next second's claims begin there. What it walked over
-- (`entries`, where it swept for this) says when to look again: a second for each 20,000 of them
-- leaves nearly all of a worker's time to claims.
create function pipeline.lower_watermark(stage text, turn bigint, entries bigint)
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_pause int := least(10, greatest(1, lower_watermark.entries / 20000));
begin
  update pipeline.stage_clocks as c
  set from_turn = least(c.from_turn, lower_watermark.turn),
    next_turn = least(c.next_turn, lower_watermark.turn),
    pause_seconds = case when lower_watermark.entries is null then c.pause_seconds else v_pause end
  where c.stage = any (array(
    select m.stage from pipeline.stage_clocks as m
    where m.stage = lower_watermark.stage and (
      m.from_turn > lower_watermark.turn
      or (lower_watermark.entries is not null and m.pause_seconds <> v_pause)
    )
    for update skip locked
  ));
end
$$;

revoke all on function
  pipeline.move_watermark(text, timestamptz),
  pipeline.entries_read(),
  pipeline.lower_watermark(text, bigint, bigint)
from public, anon, authenticated;
grant execute on function
  pipeline.move_watermark(text, timestamptz),
  pipeline.entries_read(),
  pipeline.lower_watermark(text, bigint, bigint)
to service_role;
