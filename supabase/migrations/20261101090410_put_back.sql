-- What the calls of return.sql are made of: the status that users see, the task that a worker
-- holds, and how it goes back into the queue.

-- Writes the status that users see, through the stage's view `<stage>_items`; answers with the ids
-- of the rows that it wrote, and skips those that somebody holds. Keeps the list of what failed. An
-- error of null leaves the last one standing.
create function pipeline.show(
  stage text, ids bigint[], status text, error_code text, last_error text, attempts int[],
  at timestamptz
)
returns bigint[]
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_shown bigint[];
begin
  if cardinality(show.ids) = 0 then
    return '{}';
  end if;
  execute format(
    'with held as materialized (
       select i.id from pipeline.%1$I as i where i.id = any ($1) for no key update skip locked
     ),
     shown as (
       update pipeline.%1$I as i
       set status = $2, error_code = coalesce($3, i.error_code),
         last_error = case when $3 is null then i.last_error else $4 end,
         attempts = coalesce($5[array_position($1, i.id)], i.attempts), updated_at = $6
       where i.id = any (array(select h.id from held as h))
       returning i.id, i.user_id
     ),
     failed as (
       insert into pipeline.failures as f (stage, subject_id, user_id, error_code, failed_at)
       select %2$L, s.id, s.user_id, $3, $6 from shown as s where $2 = ''failed''
       on conflict on constraint failures_pkey do update
       set error_code = excluded.error_code, failed_at = excluded.failed_at
     ),
     begun as (
       delete from pipeline.failures as f
       where $2 <> ''failed'' and f.stage = %2$L
         and f.subject_id = any (array(select s.id from shown as s))
     )
     select coalesce(array_agg(s.id), ''{}'') from shown as s',
    show.stage || '_items', show.stage
  ) into v_shown
  using show.ids, show.status, left(show.error_code, 100), left(show.last_error, 500),
    show.attempts, show.at;
  return v_shown;
end
$$;

-- The held task, with its item's row locked before it; null where the token is not its.
create function pipeline.held_task(stage text, id bigint, lease_token uuid)
returns pipeline.tasks
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_task pipeline.tasks;
begin
  execute format(
    'select from pipeline.%I as i where i.id = $1 for no key update', held_task.stage || '_items'
  ) using held_task.id;
  select t.* into v_task from pipeline.tasks as t
  where t.stage = held_task.stage and t.subject_id = held_task.id
    and t.lease_token = held_task.lease_token
  for update;
  return v_task;
end
$$;

-- Half to all of base * 2^(times - 1), at most the cap: the spread keeps items that failed together
-- from coming back together.
create function pipeline.backoff(settings pipeline.stages, times int)
returns double precision
language sql volatile security invoker
return least(
  (settings).backoff_cap_seconds,
  (settings).backoff_base_seconds * 2 ^ least(greatest(times, 1) - 1, 30)
) * (0.5 + random()::numeric / 2);

-- Ends what a worker holds: queued again after a delay where there is one, else failed for good.
-- One that is deferred gets its attempt back.
create function pipeline.put_back(
  task pipeline.tasks, delay double precision, error_code text, last_error text
)
returns text
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_now timestamptz := pipeline.now();
  v_status text := case when put_back.delay is null then 'failed' else 'queued' end;
  v_outcome text := case when put_back.delay is null then 'failed'
    when task.deferrals > 0 then 'deferred' else 'retried' end;
begin
  perform pipeline.end_attempts(array[task], v_outcome, put_back.error_code, v_now);
  if v_outcome = 'deferred' then
    task.attempts := greatest(task.attempts - 1, 0);
  end if;
  perform pipeline.show(
    task.stage, array[task.subject_id], v_status, put_back.error_code, put_back.last_error,
    array[task.attempts]::int[], v_now
  );
  if put_back.delay is null then
    delete from pipeline.tasks as t
    where t.stage = task.stage and t.subject_id = task.subject_id;
    return v_status;
  end if;
  update pipeline.tasks as t
  set turn = null, lease_token = null, losses = 0,
    available_at = v_now + make_interval(secs => put_back.delay), attempts = task.attempts,
    deferrals = task.deferrals, deferred_seconds = task.deferred_seconds,
    progress = task.progress
  where t.stage = task.stage and t.subject_id = task.subject_id;
  return v_status;
end
$$;

revoke all on function
  pipeline.show(text, bigint[], text, text, text, int[], timestamptz),
  pipeline.held_task(text, bigint, uuid),
  pipeline.backoff(pipeline.stages, int),
  pipeline.put_back(pipeline.tasks, double precision, text, text)
from public, anon, authenticated;
grant execute on function
  pipeline.show(text, bigint[], text, text, text, int[], timestamptz),
  pipeline.held_task(text, bigint, uuid),
  pipeline.backoff(pipeline.stages, int),
  pipeline.put_back(pipeline.tasks, double precision, text, text)
to service_role;
