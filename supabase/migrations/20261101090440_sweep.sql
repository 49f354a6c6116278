-- What time has brought: leases that have ended, and delays that are over. Called by cron, by the
-- claim that finds too little, and by one claim a second where there is plenty: no scheduler has to
-- be alive. Each call walks the small indexes of what waits and takes a bounded number of rows.
--
-- A lease that ended says that a worker vanished; what it was working on may be why. So each of its
-- items goes to the front and is claimed by itself next time, and after a second loss by a worker
-- that holds nothing else: it takes no other along. Only workers that vanish with it alone count
-- against an item (max_losses), and while other items lose theirs as well it takes four times as
-- many: a death that may not be its own must not fail it. Its owner may have another one like it:
-- for ten minutes those whose items a worker held are claimed apart.

-- Of items whose leases have ended, those that killed their workers. Called by sweeps, once the
-- losses are in the timeline: where another item of the stage lost a worker in the time that
-- max_losses leases take, all of them may have died of something else.
create function pipeline.deadly(ended pipeline.tasks[], at timestamptz)
returns setof pipeline.tasks
language sql stable security invoker set search_path = '' set enable_bitmapscan = on
as $$
  select e.* from unnest(deadly.ended) as e
  join pipeline.stages as s on s.stage = e.stage and e.losses > s.max_losses
  where e.losses > 4 * s.max_losses or not exists (
    select from public.processing_timeline as p
    where p.stage = e.stage and p.subject_id <> e.subject_id and p.outcome = 'lost'
      and p.ended_at > deadly.at - make_interval(secs => s.max_losses * s.lease_seconds)
      and p.started_at > deadly.at - interval '7 days'
  )
$$;

create function pipeline.sweep_stage(stage text)
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_ended pipeline.tasks[] := array(
    select t from pipeline.tasks as t
    where t.stage = sweep_stage.stage and t.turn is null and t.lease_token is not null
      and t.available_at <= v_now
    order by t.lease_number
    limit 1000
    for update skip locked
  );
  v_deadly pipeline.tasks;
  v_gone bigint[] := '{}';
begin
  if v_ended <> '{}' then
    perform pipeline.end_attempts(v_ended, 'lost', 'lease_expired', v_now);
    perform pipeline.suspect(
      sweep_stage.stage, array(select distinct e.user_id from unnest(v_ended) as e), v_now
    );
    for v_deadly in select d.* from pipeline.deadly(v_ended, v_now) as d loop
      v_gone := v_gone || pipeline.show(
        v_deadly.stage, array[v_deadly.subject_id], 'failed', 'lease_expired',
        format(
          'The worker vanished %s times while it worked on nothing else.', v_deadly.losses - 1
        ), null, v_now
      );
    end loop;
    delete from pipeline.tasks as t
    where t.stage = sweep_stage.stage and t.subject_id = any (v_gone);
    update pipeline.tasks as t
    set turn = pipeline.served_turn(t.stage), losses = t.losses + 1
    where t.stage = sweep_stage.stage
      and t.subject_id = any (array(select e.subject_id from unnest(v_ended) as e));
  end if;
  perform pipeline.queue_due(sweep_stage.stage);
  return cardinality(v_gone);
end
$$;

-- More owners than one worker is given at once are those of an outage, and nobody's fault.
create function pipeline.suspect(stage text, owners uuid[], at timestamptz)
returns void
language sql volatile security invoker set search_path = ''
as $$
  update pipeline.stage_clocks as c
  set suspects = (suspect.owners || array(
      select o from unnest(c.suspects) as o
      where c.suspected_until > suspect.at and o <> all (suspect.owners)
    ))[1:100],
    suspected_until = suspect.at + interval '10 minutes'
  from pipeline.stages as s
  where c.stage = suspect.stage and s.stage = suspect.stage
    and cardinality(suspect.owners) <= s.batch_size
$$;

-- A delay that is over queues up again as new work of its owner, so that one owner's thousand
-- failures do not come before another's first try.
create function pipeline.queue_due(stage text)
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
set enable_incremental_sort = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_served bigint := pipeline.served_turn(queue_due.stage);
  v_rows int;
begin
  for v_round in 1 .. 5 loop
    with due as materialized (
      select t.subject_id, t.user_id, t.available_at from pipeline.tasks as t
      where t.stage = queue_due.stage and t.turn is null and t.lease_token is null
        and t.available_at <= v_now
      order by t.available_at
      limit 1000
      for update skip locked
    ),
    placed as (
      select d.subject_id, d.user_id, row_number() over (
          partition by d.user_id order by d.available_at, d.subject_id
        ) as place
      from due as d
    ),
    turned as materialized (
      -- Once an owner: as a join it would be planned row by row, and cost the square of the rows.
      select p.subject_id, p.place + max(
          case when p.place = 1
            then pipeline.last_turn(queue_due.stage, p.user_id, v_served) end
        ) over (partition by p.user_id) as turn
      from placed as p
    )
    update pipeline.tasks as t set turn = p.turn, parked = false
    from turned as p
    where t.stage = queue_due.stage and t.subject_id = p.subject_id;
    get diagnostics v_rows = row_count;
    exit when v_rows < 1000;
  end loop;
end
$$;

-- How many items of each stage failed because workers vanished with them. What the database works
-- itself is swept there, in its own transaction.
create function pipeline.sweep()
returns table (stage text, swept int)
language sql volatile security invoker set search_path = ''
as $$
  select s.stage, pipeline.sweep_stage(s.stage) from pipeline.stages as s
  where s.is_claimed order by s.place
$$;

revoke all on function
  pipeline.deadly(pipeline.tasks[], timestamptz),
  pipeline.queue_due(text),
  pipeline.suspect(text, uuid[], timestamptz),
  pipeline.sweep_stage(text), pipeline.sweep()
from public, anon, authenticated;
grant execute on function
  pipeline.deadly(pipeline.tasks[], timestamptz),
  pipeline.queue_due(text),
  pipeline.suspect(text, uuid[], timestamptz),
  pipeline.sweep_stage(text), pipeline.sweep()
to service_role;
