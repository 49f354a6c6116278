-- What failed, as an operator filters it: by stage and error, owner, words of the message, and
-- time. What a page shows, counts and retries (operator_calls.sql) is one and the same filter.

-- The newest 10,000 failures of a stage, an error, of owners and of a span of time; null: whatever.
-- Its callers force custom plans, so that each call gets the plan of its own arguments.
create function pipeline.newest_failures(
  stage text, error_code text, owners uuid[], since timestamptz, until timestamptz
)
returns setof pipeline.failures
language plpgsql stable security invoker set search_path = ''
as $$
begin
  return query
  select f.* from pipeline.failures as f
  where (newest_failures.stage is null or f.stage = newest_failures.stage)
    and (newest_failures.error_code is null or f.error_code = newest_failures.error_code)
    and (owners is null or f.user_id = any (owners))
    and (since is null or f.failed_at >= since) and (until is null or f.failed_at <= until)
  order by f.failed_at desc, f.subject_id desc
  limit 10000;
end
$$;

-- Of these the ones whose message contains `said`. What a page shows, counts and retries is this.
create function pipeline.filtered_failures(
  stage text, error_code text, owner text, said text, since timestamptz, until timestamptz
)
returns setof pipeline.failures
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_owners uuid[];
  v_stage text;
begin
  if filtered_failures.owner is not null then
    v_owners := array(select pipeline.users_named(filtered_failures.owner));
  end if;
  if filtered_failures.said is null then
    return query select f.* from pipeline.newest_failures(
      filtered_failures.stage, filtered_failures.error_code, v_owners,
      filtered_failures.since, filtered_failures.until
    ) as f;
    return;
  end if;
  for v_stage in
    select s.stage from pipeline.stages as s
    where s.stage = coalesce(filtered_failures.stage, s.stage)
  loop
    return query execute format(
      'select f.* from pipeline.newest_failures($1, $2, $3, $4, $5) as f
       join pipeline.%I as i on i.id = f.subject_id
       where strpos(lower(i.last_error), lower($6)) > 0', v_stage || '_items'
    ) using v_stage, filtered_failures.error_code, v_owners, filtered_failures.since,
      filtered_failures.until, filtered_failures.said;
  end loop;
end
$$;

-- The newest 10,000 items that failed for good, by stage and error; or what a filter leaves.
create function public.operator_find_failures(
  owner text default null, said text default null, since timestamptz default null,
  until timestamptz default null
)
returns table (stage text, error_code text, items int, oldest_at timestamptz, newest_at timestamptz)
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql stable security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_custom_plan
as $$
begin
  perform pipeline.check_operator();
  return query
  select f.stage, f.error_code, count(*)::int, min(f.failed_at), max(f.failed_at)
  from pipeline.filtered_failures(
    null, null, operator_find_failures.owner, operator_find_failures.said,
    operator_find_failures.since, operator_find_failures.until
  ) as f
  group by f.stage, f.error_code
  order by max(f.failed_at) desc
  limit 200;
end
$$;

comment on function public.operator_find_failures(text, text, timestamptz, timestamptz) is
  'For operators: what failed for good, of an owner (id or address), of messages that contain some '
  'words, of a span of time; null: whatever. Errors: PT403 no operator.';

-- The items behind one such row, newest first; the next page begins after the last row of the one
-- before (`before`, `before_id`).
create function public.operator_failed_items(
  stage text, error_code text, before timestamptz default null, before_id bigint default null,
  at_most int default 50, owner text default null, said text default null,
  since timestamptz default null
)
returns table (id bigint, user_id uuid, attempts int, last_error text, failed_at timestamptz)
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql stable security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_custom_plan
as $$
declare
  v_ids bigint[];
begin
  perform pipeline.check_operator();
  if (operator_failed_items.at_most between 1 and 200) is not true then
    raise exception 'at_most must be between 1 and 200' using errcode = 'SL003';
  end if;
  v_ids := array(
    select f.subject_id from pipeline.filtered_failures(
      operator_failed_items.stage, operator_failed_items.error_code, operator_failed_items.owner,
      operator_failed_items.said, operator_failed_items.since, operator_failed_items.before
    ) as f
    where (f.failed_at, f.subject_id) < (
      coalesce(operator_failed_items.before, 'infinity'),
      coalesce(operator_failed_items.before_id, 9223372036854775807)
    )
    order by f.failed_at desc, f.subject_id desc
    limit operator_failed_items.at_most
  );
  if cardinality(v_ids) = 0 then
    return;
  end if;
  return query execute format(
    'select i.id, i.user_id, i.attempts, i.last_error::text, f.failed_at
     from pipeline.failures as f
     join pipeline.%I as i on i.id = f.subject_id
     where f.stage = $1 and f.subject_id = any ($2)
     order by f.failed_at desc, f.subject_id desc', operator_failed_items.stage || '_items'
  ) using operator_failed_items.stage, v_ids;
end
$$;

comment on function public.operator_failed_items(
  text, text, timestamptz, bigint, int, text, text, timestamptz
) is
  'For operators: a page of the items of a stage that failed with this error, newest first; of an '
  'owner, of some words, since a time, where these are given. '
  'Errors: PT403 no operator, SL003 at_most is not 1 to 200.';

revoke all on function
  pipeline.newest_failures(text, text, uuid[], timestamptz, timestamptz),
  pipeline.filtered_failures(text, text, text, text, timestamptz, timestamptz),
  public.operator_find_failures(text, text, timestamptz, timestamptz),
  public.operator_failed_items(text, text, timestamptz, bigint, int, text, text, timestamptz)
from public, anon, authenticated, service_role;
grant execute on function
  public.operator_find_failures(text, text, timestamptz, timestamptz),
  public.operator_failed_items(text, text, timestamptz, bigint, int, text, text, timestamptz)
to authenticated;
