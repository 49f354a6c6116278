-- The scheduler's second is long for somebody who waits for the first word. So cron's job watches
-- for arrivals within its second, and dispatches as soon as there is one.

-- Called by cron every second. Looks at two sequences ten times a second: whoever makes items ready
-- counts it in pipeline.arrivals. It waits for no lock and holds none on a table, so that nothing
-- else has to wait for it. An arrival is counted before it commits, hence the short sleep; one that
-- takes longer to commit is found a second later, as is what comes due by itself.
--
-- The calls of dispatch() are sent when this transaction ends. Its own time stands still meanwhile,
-- so dispatch() is told the time, unless a test has set it.
create function pipeline.watch(seconds numeric default 0.8)
returns table (stage text, ready int, called boolean)
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_ends_at timestamptz := clock_timestamp()
    + make_interval(secs => watch.seconds::double precision);
  v_arrivals bigint := (select s.last_value from pipeline.arrivals as s);
  v_is_set boolean := nullif(current_setting('pipeline.now', true), '') is not null;
begin
  while v_arrivals = (select s.last_value from pipeline.arrivals_dispatched as s)
    and clock_timestamp() < v_ends_at
  loop
    perform pg_sleep(0.1);
    v_arrivals := (select s.last_value from pipeline.arrivals as s);
  end loop;
  if v_arrivals <> (select s.last_value from pipeline.arrivals_dispatched as s) then
    perform pg_sleep(0.03);
    perform setval('pipeline.arrivals_dispatched', v_arrivals);
  end if;
  if not v_is_set then
    perform set_config('pipeline.now', clock_timestamp()::text, true);
  end if;
  return query select d.stage, d.ready, d.called from pipeline.dispatch() as d;
  if not v_is_set then
    perform set_config('pipeline.now', '', true);
  end if;
end
$$;

revoke all on function pipeline.watch(numeric) from public, anon, authenticated;
grant execute on function pipeline.watch(numeric) to service_role;
