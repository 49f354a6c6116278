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

-- What a claim takes, and on which terms.
create type pipeline.claim as (
  stage text, at timestamptz, ids bigint[], attempts int[], lease_ends_at timestamptz,
  metered_model text, counted boolean, apart boolean
);

-- One look at the front of the queue: what is there within the budget, locked, in claim order. What
-- others have locked is skipped.
create function pipeline.look(
  stage text, items int, from_turn bigint, per_user int, within_caps boolean, avoid uuid,
  at timestamptz,
  out ids bigint[], out attempts int[], out losses int[], out owners uuid[],
  out first_turn bigint, out last_turn bigint
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
set plan_cache_mode = force_generic_plan
as $$
begin
  if not look.within_caps then
    select array_agg(p.subject_id), array_agg(p.attempts + (p.lease_token is null)::int),
      array_agg(p.losses), array_agg(p.user_id), min(p.turn), max(p.turn)
    into ids, attempts, losses, owners, first_turn, last_turn
    from (
      select t.* from pipeline.tasks as t
      where t.stage = look.stage and t.turn >= look.from_turn
      order by t.turn, t.subject_id
      limit look.items
      for update skip locked
    ) as p;
    return;
  end if;
  ids := pipeline.pick_within_caps(
    look.stage, look.items, look.from_turn, look.per_user, look.avoid, look.at
  );
  if look.avoid is not null and cardinality(ids) = 0 then
    ids := pipeline.pick_within_caps(
      look.stage, look.items, look.from_turn, look.per_user, null, look.at
    );
  end if;
  select array_agg(p.subject_id), array_agg(p.attempts + (p.lease_token is null)::int),
    array_agg(p.losses), array_agg(p.user_id), min(p.turn), max(p.turn)
  into ids, attempts, losses, owners, first_turn, last_turn
  from (
    select t.* from pipeline.tasks as t
    where t.stage = look.stage and t.subject_id = any (look.ids) and t.turn is not null
    order by t.turn, t.subject_id
    for update skip locked
  ) as p;
end
$$;

-- What a claim takes, locked until its transaction ends; a claim of nothing has no ids. An item
-- with which a worker vanished is claimed by itself. One with which two did is worked `alone`:
-- a worker that holds items (`busy`) is not given it, and nothing at all while it is first in line,
-- so that the worker finishes and can take it.
create function pipeline.pick(
  stage text, batch_size int, lease_seconds int, model text, busy boolean
)
returns pipeline.claim
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v pipeline.claim;
  b record;
  f record;
  v_kept bigint[];
begin
  if pick.batch_size not between 1 and 1000 then
    raise exception 'batch_size must be between 1 and 1000' using errcode = 'SL003';
  elsif pick.lease_seconds not between 1 and 3600 then
    raise exception 'lease_seconds must be between 1 and 3600' using errcode = 'SL003';
  end if;
  v := row(pick.stage, pipeline.now(), '{}', '{}', null, null, null, false);
  b := pipeline.claim_budget(
    pick.stage, pick.batch_size, pick.lease_seconds, pick.model, v.at
  );
  v.lease_ends_at := b.lease_ends_at;
  v.metered_model := b.metered_model;
  v.counted := b.counted;
  if b.items < 1 then
    return v;
  end if;
  for v_round in 1 .. 4 loop
    f := pipeline.look(
      pick.stage, b.items, b.from_turn, b.per_user, b.capped or b.probing, b.avoid, v.at
    );
    v_kept := f.ids;
    if coalesce(cardinality(f.ids), 0) < b.items and not b.sweeps then
      perform pipeline.sweep_stage(pick.stage);
      b.sweeps := true;
      b.from_turn := 0;
    elsif f.ids is null or not b.counted then
      exit;
    else
      v_kept := pipeline.within_quota(pick.stage, f.ids, v.at);
      exit when cardinality(v_kept) > 0;
    end if;
  end loop;
  if coalesce(v_kept, '{}') = '{}' then
    return v;
  end if;
  if b.from_turn = 0 then
    perform pipeline.lower_watermark(
      pick.stage, f.first_turn, pipeline.entries_read() - b.entries
    );
  end if;
  if f.last_turn > pipeline.served_turn(pick.stage) then
    f.last_turn := setval(('pipeline.' || pick.stage || '_served_turn')::regclass, f.last_turn);
  end if;
  v.ids := f.ids;
  v.attempts := f.attempts;
  if 0 < any (f.losses) or v_kept <> f.ids or f.owners && b.suspects then
    select a.ids, a.attempts, a.apart into v.ids, v.attempts, v.apart
    from pipeline.set_apart(
      f.ids, f.attempts, f.losses, f.owners, v_kept, b.suspects, pick.busy
    ) as a;
  end if;
  return v;
end
$$;

-- Of what a claim has looked at, in claim order, what it takes: one that lost a worker by itself;
-- else those of one suspect, `apart`, for a worker that holds nothing else; else those of all other
-- owners. A busy worker passes suspects over.
create function pipeline.set_apart(
  inout ids bigint[], inout attempts int[], losses int[], owners uuid[], kept bigint[],
  suspects uuid[], busy boolean, out apart boolean
)
language plpgsql stable security invoker set search_path = ''
as $$
begin
  apart := losses[1] = 0 and owners[1] = any (suspects) and not busy;
  select coalesce(array_agg(i.id order by i.place), '{}'),
    coalesce(array_agg(i.attempt order by i.place), '{}')
  into ids, attempts
  from unnest(ids, attempts, losses, owners) with ordinality
    as i (id, attempt, losses, owner, place)
  where i.id = any (kept) and case
    when set_apart.losses[1] > 0 then i.place = 1 and not (busy and i.losses > 1)
    when apart then i.losses = 0 and i.owner = owners[1]
    else i.losses = 0 and i.owner <> all (suspects)
  end;
end
$$;

-- Leases of the picked items whose visible row the claim got hold of, in the order of their ids.
create function pipeline.lease(claim pipeline.claim, ids bigint[])
returns table (
  subject_id bigint, lease_token uuid, attempt int, alone boolean, rounds int, refused text,
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
    lease_token = gen_random_uuid(), lease_number = nextval('pipeline.lease_numbers'),
    available_at = claim.lease_ends_at,
    queued_at = t.available_at, claimed_at = claim.at
  where t.stage = claim.stage and t.subject_id = any (lease.ids)
  returning t.subject_id, t.lease_token, t.attempts::int, t.losses > 1 or claim.apart, t.rounds,
    t.refused::text, t.progress::jsonb;
  if claim.counted then
    insert into pipeline.usage as u (user_id, stage, day, attempts)
    select t.user_id, claim.stage, (claim.at at time zone 'UTC')::date, count(*)
    from pipeline.tasks as t
    where t.stage = claim.stage and t.subject_id = any (lease.ids)
    group by t.user_id
    order by t.user_id
    on conflict on constraint usage_pkey do update set attempts = u.attempts + excluded.attempts;
  end if;
  if claim.metered_model is not null then
    perform pipeline.spend(claim, lease.ids);
  end if;
end
$$;

-- Called by a claim under a limit, whose row pick() has locked.
create function pipeline.spend(claim pipeline.claim, ids bigint[])
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_task pipeline.tasks;
begin
  select t.* into v_task from pipeline.tasks as t
  where t.stage = claim.stage and t.subject_id = spend.ids[1];
  update pipeline.provider_limits as l
  set
    tokens = case
      when l.requests_per_minute is null then l.tokens
      else greatest(pipeline.refilled_tokens(l, claim.at) - cardinality(spend.ids), 0)
    end,
    refilled_at = case
      when l.refilled_at > claim.at + interval '1 minute' then claim.at
      else greatest(l.refilled_at, claim.at)
    end,
    probe_token = case when l.open_until is not null then v_task.lease_token end,
    probe_user = case when l.open_until is not null then v_task.user_id end,
    probe_until = case when l.open_until is not null then claim.lease_ends_at end
  from pipeline.stages as s
  where s.stage = claim.stage and l.provider = s.provider and l.model = claim.metered_model
    and cardinality(spend.ids) > 0;
end
$$;

revoke all on function
  pipeline.look(text, int, bigint, int, boolean, uuid, timestamptz),
  pipeline.spend(pipeline.claim, bigint[]),
  pipeline.pick(text, int, int, text, boolean),
  pipeline.set_apart(bigint[], int[], int[], uuid[], bigint[], uuid[], boolean),
  pipeline.lease(pipeline.claim, bigint[])
from public, anon, authenticated;
grant execute on function
  pipeline.look(text, int, bigint, int, boolean, uuid, timestamptz),
  pipeline.spend(pipeline.claim, bigint[]),
  pipeline.pick(text, int, int, text, boolean),
  pipeline.set_apart(bigint[], int[], int[], uuid[], bigint[], uuid[], boolean),
  pipeline.lease(pipeline.claim, bigint[])
to service_role;
