-- What operators read of the ledger: what paid calls have cost, day by day.

create function public.operator_costs()
returns table (
  day date, currency text, cost numeric, calls int, unpriced_calls int, is_whole boolean
)
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql stable security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
begin
  perform pipeline.check_operator();
  return query
  with newest as materialized (
    select c.created_at, c.cost, c.currency from pipeline.provider_calls as c
    where c.created_at > pipeline.now() - interval '30 days'
    order by c.created_at desc
    limit 50000
  )
  select (n.created_at at time zone 'UTC')::date, n.currency, coalesce(sum(n.cost), 0),
    count(*)::int, count(*) filter (where n.cost is null)::int,
    (select count(*) from newest) < 50000 or (n.created_at at time zone 'UTC')::date
      > (select (min(e.created_at) at time zone 'UTC')::date from newest as e)
  from newest as n
  group by (n.created_at at time zone 'UTC')::date, n.currency
  order by 1 desc, n.currency;
end
$$;

comment on function public.operator_costs() is
  'For operators: what the newest 50,000 paid calls of the last 30 days have cost, by day (UTC); '
  'is_whole is false for the day at which the 50,000 ended. Errors: PT403 no operator.';

revoke all on function public.operator_costs()
from public, anon, authenticated, service_role;
grant execute on function public.operator_costs() to authenticated;
