-- What operators do: pause and resume a stage, retry what failed, set a user's quota. Each call
-- asks check_operator() first. Who did it stands in pipeline.audit_log: changes of settings are
-- logged by their tables, retries here.

create function pipeline.set_stage_enabled(stage text, enabled boolean)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  perform pipeline.check_operator();
  update pipeline.stages as s set enabled = set_stage_enabled.enabled
  where s.stage = set_stage_enabled.stage and s.enabled <> set_stage_enabled.enabled;
  if found then
    -- The next watch() looks at once.
    perform nextval('pipeline.arrivals');
  elsif not exists (select from pipeline.stages as s where s.stage = set_stage_enabled.stage) then
    raise exception 'there is no stage %', set_stage_enabled.stage using errcode = 'SL002';
  end if;
end
$$;

create function public.operator_pause_stage(stage text)
returns void
-- Definer: users may not use schema pipeline. Operators are checked.
language sql volatile security definer set search_path = ''
as $$
  select pipeline.set_stage_enabled(operator_pause_stage.stage, false)
$$;

create function public.operator_resume_stage(stage text)
returns void
-- Definer: users may not use schema pipeline. Operators are checked.
language sql volatile security definer set search_path = ''
as $$
  select pipeline.set_stage_enabled(operator_resume_stage.stage, true)
$$;

-- Queues a failed item anew with all its attempts, whatever its stage. Stages whose items need more
-- than that have a function of their own (retry.sql).
create function pipeline.requeue(stage text, id bigint)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v record;
begin
  if requeue.stage = 'analysis' then
    return pipeline.requeue_analysis(requeue.id);
  elsif requeue.stage in ('ssml', 'audio') then
    return pipeline.requeue_feedback(requeue.id, requeue.stage);
  end if;
  execute format(
    'update pipeline.%I as i
     set status = ''queued'', attempts = 0, error_code = null, last_error = null, updated_at = $2
     where i.id = $1 and i.status = ''failed''
     returning i.user_id, i.has_input', requeue.stage || '_items'
  ) into v using requeue.id, pipeline.now();
  if v.user_id is null then
    raise exception 'item % of stage % has not failed', id, stage using errcode = 'SL001';
  end if;
  delete from pipeline.failures as f
  where f.stage = requeue.stage and f.subject_id = requeue.id;
  if v.has_input then
    perform pipeline.enqueue(requeue.stage, array[requeue.id], array[v.user_id]);
  end if;
  return 'queued';
end
$$;

-- Locks items as hold() does; of those that it got answers with the ones that have failed.
create function pipeline.lock_failed(stage text, ids bigint[])
returns bigint[]
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_busy bigint[] := pipeline.hold(
    lock_failed.stage, ids, case lock_failed.stage when 'analysis' then 'video_recordings' end
  );
begin
  return array(
    select f.subject_id from pipeline.failures as f
    where f.stage = lock_failed.stage and f.subject_id = any (ids) and f.subject_id <> all (v_busy)
    order by f.subject_id
  );
end
$$;

create function public.operator_retry(stage text, id bigint)
returns text
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform pipeline.check_operator();
  if not exists (
    select from pipeline.failures as f
    where f.stage = operator_retry.stage and f.subject_id = operator_retry.id
  ) then
    raise exception 'item % of stage % has not failed', id, stage using errcode = 'SL001';
  end if;
  perform pipeline.requeue(operator_retry.stage, operator_retry.id);
  perform pipeline.log_security_event(
    'retried', operator_retry.stage || ' ' || operator_retry.id
  );
  return 'queued';
end
$$;

-- Retries the items behind one row of operator_find_failures, the oldest first, so many a call;
-- called again until none remain. What fails again meanwhile is left out: it failed after
-- `failed_before`.
create function public.operator_retry_all(
  stage text, error_code text, failed_before timestamptz, at_most int default 100,
  owner text default null, said text default null, since timestamptz default null
)
returns table (retried int, remaining int)
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql volatile security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_custom_plan
as $$
declare
  v_ids bigint[];
begin
  perform pipeline.check_operator();
  if (operator_retry_all.at_most between 1 and 500) is not true then
    raise exception 'at_most must be between 1 and 500' using errcode = 'SL003';
  end if;
  v_ids := array(
    select f.subject_id from pipeline.filtered_failures(
      operator_retry_all.stage, operator_retry_all.error_code, operator_retry_all.owner,
      operator_retry_all.said, operator_retry_all.since, operator_retry_all.failed_before
    ) as f
    order by f.failed_at, f.subject_id
  );
  remaining := greatest(0, cardinality(v_ids) - operator_retry_all.at_most);
  v_ids := v_ids[1:operator_retry_all.at_most];
  retried := 0;
  if cardinality(v_ids) > 0 then
    v_ids := pipeline.lock_failed(operator_retry_all.stage, v_ids);
    perform pipeline.requeue(operator_retry_all.stage, i) from unnest(v_ids) as i;
    retried := cardinality(v_ids);
    perform pipeline.log_security_event(
      'retried_all', operator_retry_all.stage || ' ' || operator_retry_all.error_code,
      jsonb_strip_nulls(jsonb_build_object(
        'count', retried, 'first_ids', v_ids[1:100], 'owner', operator_retry_all.owner,
        'said', operator_retry_all.said, 'since', operator_retry_all.since
      ))
    );
  end if;
  return next;
end
$$;

create function public.operator_set_quota(
  user_id uuid, stage text, daily_attempts int default null
)
returns void
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform pipeline.check_operator();
  if operator_set_quota.daily_attempts < 0 then
    raise exception 'daily_attempts must not be negative' using errcode = 'SL003';
  elsif not exists (select from auth.users as u where u.id = operator_set_quota.user_id) then
    raise exception 'there is no such user' using errcode = 'PT404';
  elsif not exists (
    select from pipeline.stages as s
    where s.stage = operator_set_quota.stage and s.is_claimed
  ) then
    raise exception 'there is no stage % that workers claim', operator_set_quota.stage
    using errcode = 'SL002';
  end if;
  if operator_set_quota.daily_attempts is null then
    update pipeline.user_quotas as q set daily_attempts = null
    where q.user_id = operator_set_quota.user_id and q.stage = operator_set_quota.stage
      and q.daily_spend is not null;
    delete from pipeline.user_quotas as q
    where q.user_id = operator_set_quota.user_id and q.stage = operator_set_quota.stage
      and q.daily_spend is null;
  else
    insert into pipeline.user_quotas as q (user_id, stage, daily_attempts)
    values (
      operator_set_quota.user_id, operator_set_quota.stage, operator_set_quota.daily_attempts
    )
    on conflict on constraint user_quotas_pkey do update
    set daily_attempts = excluded.daily_attempts;
  end if;
end
$$;

comment on function public.operator_pause_stage(text) is
  'For operators: nothing of the stage is claimed; leases run on. '
  'Errors: PT403 no operator, SL002 no such stage.';
comment on function public.operator_resume_stage(text) is
  'For operators: the stage goes on. Errors: PT403 no operator, SL002 no such stage.';
comment on function public.operator_retry(text, bigint) is
  'For operators: queues a failed item anew. Errors: PT403 no operator, SL001 not failed.';
comment on function public.operator_retry_all(
  text, text, timestamptz, int, text, text, timestamptz
) is
  'For operators: queues up to at_most (1 to 500) items anew that failed with this error until '
  'then; of an owner, of some words, since a time, where these are given. Tells how many, and how '
  'many remain (up to 10,000). '
  'Errors: PT403 no operator, SL003 at_most is not 1 to 500.';
comment on function public.operator_set_quota(uuid, text, int) is
  'For operators: a user''s own daily attempts of a stage; null: the stage''s again. '
  'Errors: PT403 no operator, PT404 no such user, SL002 no such stage, SL003 negative.';

revoke all on function
  pipeline.set_stage_enabled(text, boolean),
  pipeline.requeue(text, bigint),
  pipeline.lock_failed(text, bigint[]),
  public.operator_pause_stage(text),
  public.operator_resume_stage(text),
  public.operator_retry(text, bigint),
  public.operator_retry_all(text, text, timestamptz, int, text, text, timestamptz),
  public.operator_set_quota(uuid, text, int)
from public, anon, authenticated, service_role;
grant execute on function
  public.operator_pause_stage(text),
  public.operator_resume_stage(text),
  public.operator_retry(text, bigint),
  public.operator_retry_all(text, text, timestamptz, int, text, text, timestamptz),
  public.operator_set_quota(uuid, text, int)
to authenticated;
