-- Back into the queue, or failed: what a worker says of an item that it did not complete. Each call
-- names the item and its token; where another one holds it now, nothing changes and the answer is
-- 'stale' (null from extend).

-- Writes the status that users see, through the stage's view `<stage>_items`; answers with the ids
-- of the rows that it wrote, and skips those that somebody holds. The one place that makes a
-- statement out of a stage's name. An error of null leaves the last one standing.
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
       returning i.id
     )
     select coalesce(array_agg(s.id), ''{}'') from shown as s',
    show.stage || '_items'
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
begin
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

-- The item's own fault: again after a backoff where another attempt may help and one is left, else
-- failed for good.
create function pipeline.fail(
  stage text, id bigint, lease_token uuid, error_code text, message text, retryable boolean
)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_task pipeline.tasks := pipeline.held_task(fail.stage, fail.id, fail.lease_token);
  v_stage pipeline.stages;
begin
  if v_task.stage is null then
    return 'stale';
  end if;
  select s.* into strict v_stage from pipeline.stages as s where s.stage = fail.stage;
  v_task.deferrals := 0;
  v_task.progress := null;
  perform pipeline.note_answer(
    v_task.stage, v_task.user_id, v_task.lease_token, fail.error_code, null
  );
  return pipeline.put_back(
    v_task,
    case when fail.retryable and v_task.attempts < v_stage.max_attempts
      then pipeline.backoff(v_stage, v_task.attempts) end,
    coalesce(fail.error_code, 'internal_error'), fail.message
  );
end
$$;

-- Not the item's fault: the attempt is given back, and its quota. Without a time that the provider
-- named the waits grow. In all an item waits at most max_deferred_seconds, or `within_seconds`
-- where the caller has less patience; then it fails, and says how long was tried: with a code of
-- its own, or the caller's where the patience was the caller's. `progress` is kept for the next
-- attempt.
create function pipeline.defer(
  stage text, id bigint, lease_token uuid, error_code text, message text,
  retry_after_seconds numeric default null, within_seconds numeric default null,
  progress jsonb default null
)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_task pipeline.tasks;
  v_stage pipeline.stages;
  v_delay double precision;
begin
  if (coalesce(defer.retry_after_seconds, 0) between 0 and 1e9) is not true then
    raise exception 'retry_after_seconds must be between 0 and 1e9' using errcode = 'SL003';
  end if;
  v_task := pipeline.held_task(defer.stage, defer.id, defer.lease_token);
  if v_task.stage is null then
    return 'stale';
  end if;
  select s.* into strict v_stage from pipeline.stages as s where s.stage = defer.stage;
  -- At least a second: a provider that asks for none would be called without end and bound.
  v_delay := greatest(
    coalesce(defer.retry_after_seconds, pipeline.backoff(v_stage, v_task.deferrals + 1)), 1
  );
  perform pipeline.note_answer(
    v_task.stage, v_task.user_id, v_task.lease_token, defer.error_code, v_delay
  );
  if v_task.deferred_seconds + v_delay > least(v_stage.max_deferred_seconds, defer.within_seconds)
  then
    return pipeline.put_back(v_task, null,
      case when defer.within_seconds is null then 'deferred_too_long' else defer.error_code end,
      format(
        '%s This was tried for %s.', defer.message,
        justify_interval(make_interval(secs => round(v_task.deferred_seconds)))
      )
    );
  end if;
  perform pipeline.give_back_usage(v_task);
  v_task.attempts := greatest(v_task.attempts - 1, 0);
  v_task.deferrals := v_task.deferrals + 1;
  v_task.deferred_seconds := v_task.deferred_seconds + v_delay;
  v_task.progress := coalesce(defer.progress, v_task.progress);
  return pipeline.put_back(
    v_task, v_delay, coalesce(defer.error_code, 'provider_unavailable'), defer.message
  );
end
$$;

-- What it was given cannot be used: the stage before makes it again, and knows why. One round only.
create function pipeline.send_back(
  stage text, id bigint, lease_token uuid, error_code text, message text
)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_task pipeline.tasks := pipeline.held_task(send_back.stage, send_back.id, send_back.lease_token);
  v_before text := (
    select s.sent_back_to from pipeline.stages as s where s.stage = send_back.stage
  );
begin
  if v_task.stage is null then
    return 'stale';
  end if;
  perform pipeline.note_answer(
    v_task.stage, v_task.user_id, v_task.lease_token, send_back.error_code, null
  );
  if v_task.rounds > 0 or v_before is null then
    return pipeline.put_back(v_task, null, send_back.error_code, send_back.message);
  end if;
  delete from pipeline.tasks as t
  where t.stage = v_task.stage and t.subject_id = v_task.subject_id;
  perform pipeline.begin_again(
    v_before, v_task.stage, v_task.subject_id, v_task.user_id, send_back.error_code,
    send_back.message
  );
  return 'sent_back';
end
$$;

-- Has the stage before make anew what `stage` could not use; called by send_back() and by retries.
create function pipeline.begin_again(
  before text, stage text, id bigint, user_id uuid, error_code text, message text
)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  perform pipeline.show(
    begin_again.stage, array[id], 'queued', begin_again.error_code, message, array[0], v_now
  );
  perform pipeline.show(
    begin_again.before, array[id], 'queued', begin_again.error_code, message, array[0], v_now
  );
  perform pipeline.enqueue(
    begin_again.before, array[id], array[begin_again.user_id], array[1]::smallint[],
    coalesce(left(message, 500), 'It could not be used.')
  );
end
$$;

-- Unused, because the isolate is told to stop: the attempt is not counted, and the item goes to
-- the front.
create function pipeline.release(stage text, id bigint, lease_token uuid)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_task pipeline.tasks := pipeline.held_task(release.stage, release.id, release.lease_token);
  v_now timestamptz := pipeline.now();
begin
  if v_task.stage is null then
    return 'stale';
  end if;
  perform pipeline.note_answer(v_task.stage, v_task.user_id, v_task.lease_token, 'released', null);
  perform pipeline.give_back_usage(v_task);
  v_task.attempts := greatest(v_task.attempts - 1, 0);
  perform pipeline.show(
    v_task.stage, array[v_task.subject_id], 'queued', null, null, array[v_task.attempts]::int[],
    v_now
  );
  update pipeline.tasks as t
  set turn = pipeline.served_turn(v_task.stage), lease_token = null, available_at = v_now,
    attempts = v_task.attempts, losses = 0
  where t.stage = v_task.stage and t.subject_id = v_task.subject_id;
  return 'queued';
end
$$;

-- The lease's new end, counted from now; null when stale. `progress` is kept for the next attempt,
-- should this one not come to an end.
create function pipeline.extend(
  stage text, id bigint, lease_token uuid, lease_seconds int default null,
  progress jsonb default null
)
returns timestamptz
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_seconds int := coalesce(
    extend.lease_seconds,
    (select s.lease_seconds from pipeline.stages as s where s.stage = extend.stage)
  );
  v_ends_at timestamptz := pipeline.now() + make_interval(secs => v_seconds);
begin
  if v_seconds not between 1 and 3600 then
    raise exception 'lease_seconds must be between 1 and 3600' using errcode = 'SL003';
  end if;
  update pipeline.tasks as t
  set available_at = v_ends_at, turn = null, progress = coalesce(extend.progress, t.progress)
  where t.stage = extend.stage and t.subject_id = extend.id
    and t.lease_token = extend.lease_token;
  return case when found then v_ends_at end;
end
$$;

-- A claim that came to nothing through no fault of the item does not count against the quota.
create function pipeline.give_back_usage(task pipeline.tasks)
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
begin
  update pipeline.usage as u set attempts = u.attempts - 1
  where u.user_id = task.user_id and u.stage = task.stage
    and u.day = (pipeline.now() at time zone 'UTC')::date and u.attempts > 0;
end
$$;

revoke all on function pipeline.show(text, bigint[], text, text, text, int[], timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.held_task(text, bigint, uuid) from public, anon, authenticated;
revoke all on function pipeline.backoff(pipeline.stages, int) from public, anon, authenticated;
revoke all on function pipeline.put_back(pipeline.tasks, double precision, text, text)
from public, anon, authenticated;
revoke all on function pipeline.fail(text, bigint, uuid, text, text, boolean)
from public, anon, authenticated;
revoke all on function
  pipeline.defer(text, bigint, uuid, text, text, numeric, numeric, jsonb)
from public, anon, authenticated;
revoke all on function pipeline.send_back(text, bigint, uuid, text, text)
from public, anon, authenticated;
revoke all on function pipeline.begin_again(text, text, bigint, uuid, text, text)
from public, anon, authenticated;
revoke all on function pipeline.release(text, bigint, uuid) from public, anon, authenticated;
revoke all on function pipeline.extend(text, bigint, uuid, int, jsonb)
from public, anon, authenticated;
revoke all on function pipeline.give_back_usage(pipeline.tasks) from public, anon, authenticated;
grant execute on function pipeline.show(text, bigint[], text, text, text, int[], timestamptz)
to service_role;
grant execute on function pipeline.held_task(text, bigint, uuid) to service_role;
grant execute on function pipeline.backoff(pipeline.stages, int) to service_role;
grant execute on function pipeline.put_back(pipeline.tasks, double precision, text, text)
to service_role;
grant execute on function pipeline.fail(text, bigint, uuid, text, text, boolean) to service_role;
grant execute on function
  pipeline.defer(text, bigint, uuid, text, text, numeric, numeric, jsonb)
to service_role;
grant execute on function pipeline.send_back(text, bigint, uuid, text, text) to service_role;
grant execute on function pipeline.begin_again(text, text, bigint, uuid, text, text)
to service_role;
grant execute on function pipeline.release(text, bigint, uuid) to service_role;
grant execute on function pipeline.extend(text, bigint, uuid, int, jsonb) to service_role;
grant execute on function pipeline.give_back_usage(pipeline.tasks) to service_role;
