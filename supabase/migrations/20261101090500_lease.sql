-- Out of the queue: what a claim takes, and its leases. A claim_<stage>() is
--   pick()   which items, locked: the stage's settings, caps, quotas, its provider's limits
--   update   of the visible rows, skipping those that somebody holds
--   lease()  attempts, tokens and the end of the lease of those that it got
-- It waits for nobody's items. A claim that finds less than it may take sweeps and looks again from
-- the very beginning, so that with everybody else gone nothing is left behind.
--
-- A claim is on disk before its worker begins, as every write here. Without that wait claims would
-- be 1.4 times as fast, and a crash of the server could have two workers pay for the same item.
--
-- The shape matters. Sequential and bitmap scans are off because plans that were made while the
-- tables were empty would otherwise stay until the next analyze, and read all that is ready; plans
-- are generic because planning each statement anew took half of a claim's time. A `set` clause
-- costs at each call of a function, so few are nested here.

-- What a claim takes, locked until its transaction ends; a claim of nothing has no ids. An item
-- with which a worker vanished is claimed by itself. One with which two did is worked `alone`:
-- a worker that holds items (`busy`) is not given it, and nothing at all while it is first in line,
-- so that the worker finishes and can take it.
create function pipeline.pick(
  stage text, batch_size int, lease_seconds int, model text, busy boolean, at timestamptz,
  out ids bigint[], out attempts int[], out lease_ends_at timestamptz, out metered boolean,
  out counted boolean
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
set plan_cache_mode = force_generic_plan
as $$
declare
  v record;
  v_items int;
  v_room record;
  v_live int;
  v_most int;
  v_capped boolean := false;
  v_probing boolean := false;
  v_from bigint;
  v_sweeps boolean;
  v_first bigint;
  v_last bigint;
  v_losses int[];
begin
  select s.*, pipeline.provider_room(l, pick.at) as room, c.from_turn, c.moved_at,
    coalesce(s.max_concurrency_per_user, (s.max_concurrency + 1) / 2) as per_user
  into strict v
  from pipeline.stages as s
  join pipeline.stage_clocks as c on c.stage = s.stage
  left join pipeline.provider_limits as l
    on l.provider = s.provider and l.model = coalesce(pick.model, s.model)
  where s.stage = pick.stage;
  ids := '{}';
  metered := v.room is not null;
  counted := v.daily_attempts_per_user is not null;
  v_items := coalesce(pick.batch_size, v.batch_size);
  if v_items not between 1 and 1000 then
    raise exception 'batch_size must be between 1 and 1000' using errcode = 'SL003';
  elsif coalesce(pick.lease_seconds, v.lease_seconds) not between 1 and 3600 then
    raise exception 'lease_seconds must be between 1 and 3600' using errcode = 'SL003';
  end if;
  lease_ends_at := pick.at
    + make_interval(secs => coalesce(pick.lease_seconds, v.lease_seconds));
  if v.model <> pick.model then
    perform pipeline.use_model(v.stage, pick.model);
  end if;
  if not v.enabled then
    return;
  end if;

  if metered then
    -- Under a limit the claims of the provider come one after the other.
    select pipeline.provider_room(l, pick.at) as items, l.open_until, l.probe_user into v_room
    from pipeline.provider_limits as l
    where l.provider = v.provider and l.model = coalesce(pick.model, v.model)
    for no key update;
    v_items := least(v_items, v_room.items);
    v_probing := v_room.open_until is not null;
  end if;

  -- Under the caps they come so only near them: far below, a few at once cannot reach them.
  for v_round in 1 .. 2 loop
    select coalesce(sum(l.items), 0), coalesce(max(l.items), 0) into v_live, v_most
    from (
      select count(*) as items from pipeline.tasks as t
      where t.stage = pick.stage and t.turn is null and t.lease_token is not null
        and t.available_at > pick.at
      group by t.user_id
    ) as l;
    exit when v_capped;
    v_capped := v_live + 4 * v_items > v.max_concurrency or v_most + v_items > v.per_user;
    exit when not v_capped;
    perform pg_advisory_xact_lock(hashtextextended('pipeline.pick ' || v.stage, 0));
  end loop;
  v_items := least(v_items, v.max_concurrency - v_live);
  if v_items < 1 then
    return;
  end if;

  -- At most one claim a second sweeps first, and looks below the watermark.
  v_sweeps := (v.moved_at <= pick.at - interval '1 second' or v.moved_at > pick.at)
    and pipeline.move_watermark(v.stage, pick.at);
  if v_sweeps then
    perform pipeline.sweep_stage(v.stage);
  end if;
  v_from := case when v_sweeps or v_capped then 0 else v.from_turn end;
  for v_round in 1 .. 4 loop
    if v_capped or v_probing then
      ids := pipeline.pick_within_caps(
        v.stage, v_items, v.per_user, case when v_probing then v_room.probe_user end, pick.at
      );
      if v_probing and cardinality(ids) = 0 then
        ids := pipeline.pick_within_caps(v.stage, v_items, v.per_user, null, pick.at);
      end if;
      select array_agg(p.subject_id), array_agg(p.attempts + (p.lease_token is null)::int),
        array_agg(p.losses), min(p.turn), max(p.turn)
      into ids, attempts, v_losses, v_first, v_last
      from (
        select t.* from pipeline.tasks as t
        where t.stage = pick.stage and t.subject_id = any (pick.ids) and t.turn is not null
        order by t.turn, t.subject_id
        for update skip locked
      ) as p;
    else
      select array_agg(p.subject_id), array_agg(p.attempts + (p.lease_token is null)::int),
        array_agg(p.losses), min(p.turn), max(p.turn)
      into ids, attempts, v_losses, v_first, v_last
      from (
        select t.* from pipeline.tasks as t
        where t.stage = pick.stage and t.turn >= v_from
        order by t.turn, t.subject_id
        limit v_items
        for update skip locked
      ) as p;
    end if;
    if coalesce(cardinality(ids), 0) < v_items and not v_sweeps then
      perform pipeline.sweep_stage(v.stage);
      v_sweeps := true;
      v_from := 0;
    else
      exit when ids is null or not counted
        or not pipeline.park_over_quota(v.stage, ids, v.daily_attempts_per_user, pick.at);
      ids := null;
    end if;
  end loop;
  if ids is null then
    ids := '{}';
    return;
  end if;

  if 0 < any (v_losses) then
    -- A worker vanished with one of them: it is claimed by itself, or left to the next claim.
    select coalesce(array_agg(i.id order by i.place), '{}'),
      coalesce(array_agg(i.attempt order by i.place), '{}')
    into ids, attempts
    from unnest(ids, attempts, v_losses) with ordinality as i (id, attempt, losses, place)
    where case
      when v_losses[1] > 0 then i.place = 1 and not (pick.busy and i.losses > 1)
      else i.losses = 0
    end;
  end if;
  if v_from = 0 then
    perform pipeline.lower_watermark(v.stage, v_first);
  end if;
  if v_last > pipeline.served_turn(v.stage) then
    v_last := setval(('pipeline.' || v.stage || '_served_turn')::regclass, v_last);
  end if;
end
$$;

-- Leases of the picked items whose visible row the claim got hold of, in the order of their ids.
create function pipeline.lease(
  stage text, ids bigint[], lease_ends_at timestamptz, metered boolean, counted boolean,
  at timestamptz
)
returns table (
  subject_id bigint, lease_token uuid, attempt int, alone boolean, rounds smallint, refused text,
  progress jsonb
)
rows 10
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  update pipeline.tasks as t
  set turn = null, parked = false, attempts = t.attempts + (t.lease_token is null)::int,
    lease_token = gen_random_uuid(), available_at = lease.lease_ends_at
  where t.stage = lease.stage and t.subject_id = any (lease.ids)
  returning t.subject_id, t.lease_token, t.attempts::int, t.losses > 1, t.rounds, t.refused,
    t.progress;
  if lease.counted then
    insert into pipeline.usage as u (user_id, stage, day, attempts)
    select t.user_id, lease.stage, (lease.at at time zone 'UTC')::date, count(*)
    from pipeline.tasks as t
    where t.stage = lease.stage and t.subject_id = any (lease.ids)
    group by t.user_id
    order by t.user_id
    on conflict on constraint usage_pkey do update set attempts = u.attempts + excluded.attempts;
  end if;
  if lease.metered then
    perform pipeline.spend(lease.stage, lease.ids, lease.lease_ends_at, lease.at);
  end if;
end
$$;

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
  pipeline.pick(text, int, int, text, boolean, timestamptz),
  pipeline.lease(text, bigint[], timestamptz, boolean, boolean, timestamptz),
  pipeline.move_watermark(text, timestamptz),
  pipeline.lower_watermark(text, bigint)
from public, anon, authenticated;
grant execute on function
  pipeline.pick(text, int, int, text, boolean, timestamptz),
  pipeline.lease(text, bigint[], timestamptz, boolean, boolean, timestamptz),
  pipeline.move_watermark(text, timestamptz),
  pipeline.lower_watermark(text, bigint)
to service_role;
