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

revoke all on function
  pipeline.users_named(text),
  pipeline.operator_stages(),
  pipeline.operator_providers(),
  pipeline.operator_failures()
from public, anon, authenticated, service_role;
grant execute on function
  pipeline.operator_stages(),
  pipeline.operator_providers(),
  pipeline.operator_failures()
to authenticated;

revoke all on table
  public.operator_stages, public.operator_providers, public.operator_failures
from public, anon, authenticated, service_role;
grant select on table
  public.operator_stages, public.operator_providers, public.operator_failures
to authenticated;
