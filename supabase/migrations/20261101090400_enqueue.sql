-- Into the queue. An item that becomes ready gets a turn: one past the latest turn that was
-- claimed, or one past its owner's last, whichever is later. Claims take the lowest turn first. So
-- whoever has one item is served next, however many thousands somebody else has queued, and the
-- items of one owner keep their order (start-time fair queueing).

-- How many times items became ready: an upload, a retry, other words, the results of a stage.
-- pipeline.watch() looks at it instead of at the tables. Sequences, because they take no lock that
-- anybody waits for; that they count what is rolled back too costs one look in vain.
create sequence pipeline.arrivals as bigint minvalue 0 start 0;
create sequence pipeline.arrivals_dispatched as bigint minvalue 0 start 0;

comment on sequence pipeline.arrivals is 'Counts the times that items became ready.';
comment on sequence pipeline.arrivals_dispatched is 'The last arrival that was dispatched.';

-- Begins these items, of these owners, anew: all attempts, and whoever held one is stale. Called
-- by what makes an item ready; the caller sets the visible status. Returns the arrival's number.
create function pipeline.enqueue(
  stage text, ids bigint[], user_ids uuid[], rounds int[] default null,
  refused text default null
)
returns bigint
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
set enable_incremental_sort = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_served bigint := pipeline.served_turn(enqueue.stage);
  v_turns bigint[];
begin
  if cardinality(enqueue.ids) = 0 then
    return null;
  elsif cardinality(enqueue.ids) = 1 then
    v_turns := array[pipeline.last_turn(enqueue.stage, enqueue.user_ids[1], v_served) + 1];
  else
    v_turns := array(
      select p.place + max(
          case when p.place = 1 then pipeline.last_turn(enqueue.stage, p.user_id, v_served) end
        ) over (partition by p.user_id)
      from (
        select i.user_id, i.place as given,
          row_number() over (partition by i.user_id order by i.place) as place
        from unnest(enqueue.user_ids) with ordinality as i (user_id, place)
      ) as p
      order by p.given
    );
  end if;
  insert into pipeline.tasks as t
    (stage, subject_id, user_id, turn, available_at, rounds, refused)
  select enqueue.stage, i.id, i.user_id, i.turn, v_now, coalesce(i.rounds, 0), enqueue.refused
  from unnest(enqueue.ids, enqueue.user_ids, v_turns, enqueue.rounds)
    as i (id, user_id, turn, rounds)
  on conflict on constraint tasks_pkey do update
  set turn = excluded.turn, available_at = excluded.available_at, lease_token = null,
    attempts = 0, losses = 0, deferrals = 0, deferred_seconds = 0, rounds = excluded.rounds,
    parked = false, refused = excluded.refused, progress = null;
  return nextval('pipeline.arrivals');
end
$$;

-- The turn before the next of this owner. Written with pairs, so that no plan walks all that is
-- ready in the order of turns. Its items that were claimed are below the served turn,
-- and are left out of the walk.
create function pipeline.last_turn(stage text, user_id uuid, served bigint)
returns bigint
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  return coalesce((
    select r.turn from pipeline.tasks as r
    where r.stage = last_turn.stage and r.turn is not null
      and (r.user_id, r.turn) > (last_turn.user_id, last_turn.served)
      and (r.user_id, r.turn) <= (last_turn.user_id, 9223372036854775807)
    order by r.user_id desc, r.turn desc
    limit 1
  ), last_turn.served);
end
$$;

revoke all on sequence pipeline.arrivals, pipeline.arrivals_dispatched
from public, anon, authenticated, service_role;
grant select, usage, update on sequence pipeline.arrivals, pipeline.arrivals_dispatched
to service_role;

revoke all on function
  pipeline.enqueue(text, bigint[], uuid[], int[], text),
  pipeline.last_turn(text, uuid, bigint)
from public, anon, authenticated;
grant execute on function
  pipeline.enqueue(text, bigint[], uuid[], int[], text),
  pipeline.last_turn(text, uuid, bigint)
to service_role;

-- The first arrival is 1: a fresh sequence would give its start, which looks like none.
select setval('pipeline.arrivals', 0);
