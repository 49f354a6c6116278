-- Back into the queue, or failed: what a worker says of an item that it did not complete. Each call
-- names the item and its token; where another one holds it now, nothing changes and the answer is
-- 'stale' (null from extend).

-- The item's own fault: again after a backoff where another attempt may help and one is left, else
-- failed for good. `asked` false: its provider was not asked, so it did not answer. The question
-- is asked anew where its answer was no good, or all that comes of it is an unknown error.
create function pipeline.fail(
  stage text, id bigint, lease_token uuid, error_code text, message text, retryable boolean,
  asked boolean default true
)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_task pipeline.tasks := pipeline.held_task(fail.stage, fail.id, fail.lease_token);
  v_stage pipeline.stages;
  v_outcome text;
begin
  if v_task.stage is null then
    return 'stale';
  end if;
  select s.* into strict v_stage from pipeline.stages as s where s.stage = fail.stage;
  v_task.deferrals := 0;
  v_task.progress := null;
  perform pipeline.note_answer(
    v_task.stage, v_task.user_id, v_task.lease_token,
    case when fail.asked then fail.error_code end, null
  );
  v_outcome := pipeline.put_back(
    v_task,
    case when fail.retryable and v_task.attempts < v_stage.max_attempts
      then pipeline.backoff(v_stage, v_task.attempts) end,
    coalesce(fail.error_code, 'internal_error'), fail.message
  );
  if fail.error_code = 'reply_invalid'
    or (v_outcome = 'failed' and coalesce(fail.error_code, 'internal_error') = 'internal_error')
  then
    perform pipeline.forget_answers(
      array[v_task.stage], array[v_task.subject_id], fail.error_code
    );
  end if;
  return v_outcome;
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
  perform pipeline.give_back_usage(v_task.stage, v_task.user_id);
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
  perform pipeline.end_attempts(
    array[v_task], 'sent_back', send_back.error_code, pipeline.now()
  );
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
    begin_again.before, array[id], array[begin_again.user_id], array[1]::int[],
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
  perform pipeline.give_back_usage(v_task.stage, v_task.user_id);
  perform pipeline.end_attempts(array[v_task], 'released', null, v_now);
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
  -- A worker that was only late has not vanished.
  set available_at = v_ends_at, turn = null, losses = t.losses - (t.turn is not null)::int,
    lease_number = nextval('pipeline.lease_numbers'),
    progress = coalesce(extend.progress, t.progress)
  where t.stage = extend.stage and t.subject_id = extend.id
    and t.lease_token = extend.lease_token;
  return case when found then v_ends_at end;
end
$$;

revoke all on function
  pipeline.fail(text, bigint, uuid, text, text, boolean, boolean),
  pipeline.defer(text, bigint, uuid, text, text, numeric, numeric, jsonb),
  pipeline.send_back(text, bigint, uuid, text, text),
  pipeline.begin_again(text, text, bigint, uuid, text, text),
  pipeline.release(text, bigint, uuid),
  pipeline.extend(text, bigint, uuid, int, jsonb)
from public, anon, authenticated;
grant execute on function
  pipeline.fail(text, bigint, uuid, text, text, boolean, boolean),
  pipeline.defer(text, bigint, uuid, text, text, numeric, numeric, jsonb),
  pipeline.send_back(text, bigint, uuid, text, text),
  pipeline.begin_again(text, text, bigint, uuid, text, text),
  pipeline.release(text, bigint, uuid),
  pipeline.extend(text, bigint, uuid, int, jsonb)
to service_role;
