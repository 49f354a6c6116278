-- Slots: one owner holds at most its share of a stage's live leases.

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
    select t.user_id, count(*)::int as items from pipeline.tasks as t
    where t.stage = pick_within_caps.stage and t.turn is null and t.lease_token is not null
      and t.available_at > pick_within_caps.at
    group by t.user_id
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
        select t.user_id, count(*)::int as items from pipeline.tasks as t
        where t.stage = pick_anywhere.stage and t.turn is null and t.lease_token is not null
          and t.available_at > pick_anywhere.at
        group by t.user_id
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
  pipeline.pick_anywhere(text, int, int, uuid, timestamptz),
  pipeline.pick_within_caps(text, int, bigint, int, uuid, timestamptz)
from public, anon, authenticated;
grant execute on function
  pipeline.pick_anywhere(text, int, int, uuid, timestamptz),
  pipeline.pick_within_caps(text, int, bigint, int, uuid, timestamptz)
to service_role;
