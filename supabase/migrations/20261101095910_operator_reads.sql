-- What operators read. Each view stands over a function that runs with its owner's rights after it
-- has asked check_operator(); with a user's token a view raises PT403. Each call does bounded work,
-- whatever users have written: counts stop at 10,000.

create function pipeline.operator_stages()
returns table (
  stage text, place int, paused boolean, ready int, oldest_ready_at timestamptz, in_flight int,
  delayed int, next_due_at timestamptz, parked int, failed int, max_concurrency int,
  daily_attempts_per_user int, provider text, model text, woken_at timestamptz, wake_outcome text
)
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql stable security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  perform pipeline.check_operator();
  return query
  select s.stage, s.place, not s.enabled, r.items, r.oldest, l.items, d.items, d.next_due, d.parked,
    f.items, s.max_concurrency, s.daily_attempts_per_user, s.provider, s.model,
    nullif(c.woken_at, '-infinity'), c.outcome
  from pipeline.stages as s
  join pipeline.stage_clocks as c on c.stage = s.stage
  cross join lateral (
    select count(*)::int as items, min(t.available_at) as oldest from (
      select t.available_at from pipeline.tasks as t
      where t.stage = s.stage and t.turn is not null
      order by t.turn, t.subject_id
      limit 10000
    ) as t
  ) as r
  cross join lateral (
    select count(*)::int as items from (
      select from pipeline.tasks as t
      where t.stage = s.stage and t.turn is null and t.lease_token is not null
        and t.available_at > v_now
      limit 10000
    ) as t
  ) as l
  cross join lateral (
    select count(*) filter (where not t.parked)::int as items,
      count(*) filter (where t.parked)::int as parked, min(t.available_at) as next_due
    from (
      select t.available_at, t.parked from pipeline.tasks as t
      where t.stage = s.stage and t.turn is null and t.lease_token is null
      order by t.available_at
      limit 10000
    ) as t
  ) as d
  cross join lateral (
    select count(*)::int as items from (
      select from pipeline.failures as f where f.stage = s.stage limit 10000
    ) as f
  ) as f
  order by s.place, s.stage;
end
$$;

create view public.operator_stages with (security_invoker = true) as
select s.* from pipeline.operator_stages() as s;

comment on view public.operator_stages is 'For operators: how each stage is doing.';
comment on column public.operator_stages.stage is 'The stage.';
comment on column public.operator_stages.place is 'Its place on the way.';
comment on column public.operator_stages.paused is 'Whether nothing is claimed.';
comment on column public.operator_stages.ready is 'Items that could be claimed, up to 10,000.';
comment on column public.operator_stages.oldest_ready_at is 'Since when the oldest is ready.';
comment on column public.operator_stages.in_flight is 'Live leases.';
comment on column public.operator_stages.delayed is
  'Items that wait for a time: a backoff or a provider.';
comment on column public.operator_stages.next_due_at is 'When the next of what waits is due.';
comment on column public.operator_stages.parked is 'Items that wait for their owner''s quota.';
comment on column public.operator_stages.failed is 'Items that failed for good, up to 10,000.';
comment on column public.operator_stages.max_concurrency is 'Its slots; null: any number.';
comment on column public.operator_stages.daily_attempts_per_user is
  'Claims of one user''s items a day; null: any number.';
comment on column public.operator_stages.provider is 'Whom its workers ask.';
comment on column public.operator_stages.model is 'The model that they last named.';
comment on column public.operator_stages.woken_at is 'When its function was last called.';
comment on column public.operator_stages.wake_outcome is '''called'', or what is missing to do it.';

create function pipeline.operator_providers()
returns table (
  provider text, model text, stages text[], circuit text, open_until timestamptz, probes int,
  failing_owners int, refused_owners int, paused_until timestamptz, requests_per_minute numeric,
  burst int, tokens numeric, updated_at timestamptz
)
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  perform pipeline.check_operator();
  return query
  select l.provider, l.model,
    array(
      select s.stage from pipeline.stages as s
      where s.provider = l.provider and s.model = l.model order by s.place
    ),
    case
      when l.open_until is null then 'closed'
      when l.open_until > v_now then 'open'
      else 'probing'
    end,
    l.open_until, l.probes, cardinality(l.failing_users), cardinality(l.refused_users),
    case when l.not_before > v_now then l.not_before end, l.requests_per_minute, l.burst,
    case when l.requests_per_minute is not null
      then round(pipeline.refilled_tokens(l, v_now), 1) end,
    l.updated_at
  from pipeline.provider_limits as l
  order by l.updated_at desc, l.provider, l.model
  limit 100;
end
$$;

create view public.operator_providers with (security_invoker = true) as
select p.* from pipeline.operator_providers() as p;

comment on view public.operator_providers is 'For operators: the 100 last changed provider limits.';
comment on column public.operator_providers.provider is 'The provider.';
comment on column public.operator_providers.model is 'Its model.';
comment on column public.operator_providers.stages is 'The stages that ask it now.';
comment on column public.operator_providers.circuit is 'closed, open or probing.';
comment on column public.operator_providers.open_until is 'When it is probed next, unless closed.';
comment on column public.operator_providers.probes is 'Probes that it has failed.';
comment on column public.operator_providers.failing_owners is
  'Owners whose items it failed since its last answer.';
comment on column public.operator_providers.refused_owners is
  'Owners whose items it refused (429) since its last answer.';
comment on column public.operator_providers.paused_until is
  'Until when nothing is claimed because it refused too much; null: it is not paused.';
comment on column public.operator_providers.requests_per_minute is 'Its limit; null: none.';
comment on column public.operator_providers.burst is 'Items at once after a rest.';
comment on column public.operator_providers.tokens is
  'Items that could be claimed now; null: any number.';
comment on column public.operator_providers.updated_at is 'When the row last changed.';

create function pipeline.operator_failures()
returns table (stage text, error_code text, items int, oldest_at timestamptz, newest_at timestamptz)
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql stable security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
begin
  perform pipeline.check_operator();
  return query
  select f.stage, f.error_code, count(*)::int, min(f.failed_at), max(f.failed_at)
  from (
    select n.stage, n.error_code, n.failed_at from pipeline.failures as n
    order by n.failed_at desc
    limit 10000
  ) as f
  group by f.stage, f.error_code
  order by max(f.failed_at) desc
  limit 200;
end
$$;

create view public.operator_failures with (security_invoker = true) as
select f.* from pipeline.operator_failures() as f;

comment on view public.operator_failures is
  'For operators: the newest 10,000 items that failed for good, by stage and error.';
comment on column public.operator_failures.stage is 'The stage.';
comment on column public.operator_failures.error_code is 'Why, as stable code.';
comment on column public.operator_failures.items is 'How many of the newest 10,000.';
comment on column public.operator_failures.oldest_at is 'When the first of them failed.';
comment on column public.operator_failures.newest_at is 'When the last one failed.';

-- Accounts by id or address, as an operator types it.
create function pipeline.users_named(id_or_email text)
returns setof uuid
-- Called by functions that run with their owner's rights.
language sql stable security invoker set search_path = ''
as $$
  select u.id from auth.users as u
  where u.email = lower(btrim(id_or_email)) and not u.is_sso_user
  union
  select u.id from auth.users as u
  where u.id = (substring(
    lower(btrim(id_or_email)) from '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  ))::uuid
$$;

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

-- The rows of operator_failures that a filter leaves, with what it leaves of each.
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
  'For operators: operator_failures of an owner (id or address), of messages that contain some '
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
  pipeline.users_named(text),
  pipeline.newest_failures(text, text, uuid[], timestamptz, timestamptz),
  pipeline.filtered_failures(text, text, text, text, timestamptz, timestamptz),
  pipeline.operator_stages(),
  pipeline.operator_providers(),
  pipeline.operator_failures(),
  public.operator_find_failures(text, text, timestamptz, timestamptz),
  public.operator_failed_items(text, text, timestamptz, bigint, int, text, text, timestamptz)
from public, anon, authenticated, service_role;
grant execute on function
  pipeline.operator_stages(),
  pipeline.operator_providers(),
  pipeline.operator_failures(),
  public.operator_find_failures(text, text, timestamptz, timestamptz),
  public.operator_failed_items(text, text, timestamptz, bigint, int, text, text, timestamptz)
to authenticated;

revoke all on table
  public.operator_stages, public.operator_providers, public.operator_failures
from public, anon, authenticated, service_role;
grant select on table
  public.operator_stages, public.operator_providers, public.operator_failures
to authenticated;
