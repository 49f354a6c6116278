-- What operators read. Each function runs with its owner's rights after it has asked
-- check_operator(); with a user's token it raises PT403. Each call does bounded work, whatever
-- users have written: counts stop at 10,000.

create function public.operator_stages()
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

comment on function public.operator_stages() is
  'For operators: how each stage is doing: ready items, live leases, those that wait for a time or '
  'for their owner''s quota, and those that failed, each up to 10,000. Errors: PT403 no operator.';

create function public.operator_providers()
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

comment on function public.operator_providers() is
  'For operators: the 100 last changed provider limits, with the owners whose items failed or were '
  'refused (429) since the last answer. Errors: PT403 no operator.';

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

revoke all on function
  pipeline.users_named(text), public.operator_stages(), public.operator_providers()
from public, anon, authenticated, service_role;
grant execute on function public.operator_stages(), public.operator_providers() to authenticated;
