-- Slots: one owner holds at most its share of a stage's live leases.

-- No lease with a lower number is live. A transaction that is held open for long keeps what is left
-- of completed leases from being cleaned away; each session remembers how far it need not look.
create function pipeline.leases_from(stage text)
returns bigint
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_number bigint := nullif(current_setting('pipeline.leases_from_' || stage, true), '')::bigint;
begin
  -- A higher one is from before the schema was made anew.
  return case when v_number <= pg_sequence_last_value('pipeline.lease_numbers'::regclass) + 1
    then v_number else 0 end;
end
$$;

-- Leases by owner: those that have not ended, and the oldest that is not swept. Bound at creation,
-- so that it is read as a part of the statement that asks.
create function pipeline.live_leases(stage text, at timestamptz)
returns table (user_id uuid, items int, oldest bigint)
language sql stable security invoker
begin atomic
  select t.user_id, (count(*) filter (where t.available_at > live_leases.at))::int,
    min(t.lease_number)
  from pipeline.tasks as t
  where t.stage = live_leases.stage and t.turn is null and t.lease_token is not null
    and t.lease_number >= pipeline.leases_from(live_leases.stage)
  group by t.user_id;
end;

-- Live leases of all owners, and of the one who holds most of them, counted so that the caps hold
-- exactly however many claim at once: from here on the claim is the only one of its stage until its
-- transaction ends.
--
-- Claims of `one` item go side by side where there is plenty of room. Each has one of eight lanes
-- until it ends; so what it does not see is at most the seven items of the others, and where there
-- is room for eight it goes beyond no cap. Who has a lane cannot wait to be alone any more: so a
-- claim takes one where there is twice that room, and nothing where the room is gone by then
-- (`crowded`).
create function pipeline.count_leases(
  stage text, at timestamptz, one boolean, per_stage int, per_user int,
  out live int, out most int, out crowded boolean
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_lanes constant int := 8;
  v_in_lane boolean := false;
  v_oldest bigint;
  v_last bigint;
begin
  if one then
    select coalesce(sum(l.items), 0), coalesce(max(l.items), 0) into live, most
    from pipeline.live_leases(count_leases.stage, count_leases.at) as l;
    v_in_lane := least(per_stage - live, per_user - most) >= 2 * v_lanes
      and pipeline.take_lane(count_leases.stage, v_lanes);
  end if;
  if not v_in_lane then
    perform pg_advisory_xact_lock(hashtext('pipeline.pick'), hashtext(count_leases.stage));
    v_last := pg_sequence_last_value('pipeline.lease_numbers'::regclass);
  end if;
  select coalesce(sum(l.items), 0), coalesce(max(l.items), 0), min(l.oldest)
  into live, most, v_oldest
  from pipeline.live_leases(count_leases.stage, count_leases.at) as l;
  crowded := v_in_lane and least(per_stage - live, per_user - most) < v_lanes;
  if not v_in_lane then
    -- No lease with a lower number can still appear.
    perform set_config(
      'pipeline.leases_from_' || count_leases.stage, coalesce(v_oldest, v_last + 1, 0)::text, false
    );
  end if;
end
$$;

-- Whether the claim got one of so many lanes. With one it waits until the claim that is alone, if
-- any, has ended.
create function pipeline.take_lane(stage text, lanes int)
returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  for v_try in 1 .. lanes loop
    if pg_try_advisory_xact_lock(
      hashtext('pipeline.lane ' || take_lane.stage), (pg_backend_pid() + v_try) % lanes
    ) then
      perform pg_advisory_xact_lock_shared(hashtext('pipeline.pick'), hashtext(take_lane.stage));
      return true;
    end if;
  end loop;
  return false;
end
$$;

-- Items that a claim may take under the caps, not locked. First those at the front; where these all
-- belong to owners who hold what they may, the first ones of up to 64 other owners, beginning
-- anywhere: so the cost depends neither on the number of owners nor on their backlogs.
create function pipeline.pick_within_caps(
  stage text, at_most int, from_turn bigint, per_user int, avoid uuid, at timestamptz
)
returns bigint[]
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_ids bigint[];
begin
  with live as materialized (
    select l.* from pipeline.live_leases(pick_within_caps.stage, pick_within_caps.at) as l
  ),
  front as (
    select t.subject_id, t.user_id, t.turn from pipeline.tasks as t
    where t.stage = pick_within_caps.stage and t.turn >= pick_within_caps.from_turn
    order by t.turn, t.subject_id
    limit greatest(200, 2 * pick_within_caps.at_most)
  ),
  placed as (
    select f.*, row_number() over (partition by f.user_id order by f.turn, f.subject_id) as place
    from front as f
  )
  select array_agg(w.subject_id) into v_ids from (
    select p.subject_id from placed as p
    left join live as l using (user_id)
    where p.place <= pick_within_caps.per_user - coalesce(l.items, 0)
      and p.user_id is distinct from pick_within_caps.avoid
    order by p.turn, p.subject_id
    limit pick_within_caps.at_most
  ) as w;
  if v_ids is not null then
    return v_ids;
  end if;

  return pipeline.pick_anywhere(
    pick_within_caps.stage, pick_within_caps.at_most, pick_within_caps.per_user,
    pick_within_caps.avoid, pick_within_caps.at
  );
end
$$;

-- The same of up to 64 owners from anywhere on, and of up to 64 from the ring's beginning to there.
-- An owner's items are asked for by a range of one, so that no plan walks all that is ready in the
-- order of turns, whatever the statistics say of owners.
create function pipeline.pick_anywhere(
  stage text, at_most int, per_user int, avoid uuid, at timestamptz
)
returns bigint[]
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_ids bigint[] := '{}';
  v_from uuid := gen_random_uuid();
  v_until uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
begin
  for v_round in 1 .. 2 loop
    v_ids := v_ids || array(
      with recursive live as materialized (
        select l.* from pipeline.live_leases(pick_anywhere.stage, pick_anywhere.at) as l
      ),
      owners (user_id, place) as (
        select v_from, 0
        union all
        select (
          select r.user_id from pipeline.tasks as r
          where r.stage = pick_anywhere.stage and r.turn is not null
            and r.user_id > o.user_id and r.user_id <= v_until
          order by r.user_id
          limit 1
        ), o.place + 1
        from owners as o where o.user_id is not null and o.place < 64
      )
      select c.subject_id
      from owners as o
      left join live as l using (user_id)
      cross join lateral (
        select r.subject_id, r.turn from pipeline.tasks as r
        where r.stage = pick_anywhere.stage and r.user_id between o.user_id and o.user_id
          and r.turn is not null
        order by r.user_id, r.turn
        limit greatest(0, least(
          pick_anywhere.per_user - coalesce(l.items, 0), pick_anywhere.at_most
        ))
      ) as c
      where o.place > 0 and o.user_id is distinct from pick_anywhere.avoid
      order by c.turn, c.subject_id
      limit pick_anywhere.at_most - cardinality(v_ids)
    );
    exit when cardinality(v_ids) = pick_anywhere.at_most;
    v_until := v_from;
    v_from := '00000000-0000-0000-0000-000000000000';
  end loop;
  return v_ids;
end
$$;

revoke all on function
  pipeline.leases_from(text),
  pipeline.live_leases(text, timestamptz),
  pipeline.count_leases(text, timestamptz, boolean, int, int),
  pipeline.take_lane(text, int),
  pipeline.pick_anywhere(text, int, int, uuid, timestamptz),
  pipeline.pick_within_caps(text, int, bigint, int, uuid, timestamptz)
from public, anon, authenticated;
grant execute on function
  pipeline.leases_from(text),
  pipeline.live_leases(text, timestamptz),
  pipeline.count_leases(text, timestamptz, boolean, int, int),
  pipeline.take_lane(text, int),
  pipeline.pick_anywhere(text, int, int, uuid, timestamptz),
  pipeline.pick_within_caps(text, int, bigint, int, uuid, timestamptz)
to service_role;
