-- Waking the workers. Cron has dispatch() called (by watch()), which sweeps, and calls a stage's
-- function where work is ready that nobody is about to take. The call is a hint: with every call
-- lost, a worker that is started by hand still finds all the work. Its cost does not depend on what
-- users have written: counts stop at 1,000.

-- Sends one call, without waiting for its answer; says 'called' or what is missing. Names of vault
-- and net resolve when reached: both extensions are optional.
create function pipeline.call_function(function_name text)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_url text;
  v_key text;
begin
  if to_regclass('vault.decrypted_secrets') is null then
    return 'the extension supabase_vault is missing';
  elsif to_regprocedure('net.http_post(text,jsonb,jsonb,jsonb,integer)') is null then
    return 'the extension pg_net is missing';
  end if;
  select rtrim(s.decrypted_secret, '/') into v_url
  from vault.decrypted_secrets as s where s.name = 'sideline_project_url';
  select s.decrypted_secret into v_key
  from vault.decrypted_secrets as s where s.name = 'sideline_secret_key';
  if v_url is null or v_key is null then
    return 'the vault needs sideline_project_url and sideline_secret_key';
  elsif v_url !~ '^https?://[^[:space:]]+$' then
    return 'sideline_project_url in the vault is no http(s) address';
  end if;
  perform net.http_post(
    url := v_url || '/functions/v1/' || call_function.function_name,
    body := '{}'::jsonb,
    params := '{}'::jsonb,
    headers := jsonb_build_object('apikey', v_key, 'content-type', 'application/json'),
    timeout_milliseconds := 5000
  );
  return 'called';
end
$$;

-- What a claim of the stage would find now, up to 1,000 items; since when the first has been
-- waiting; whether one was recovered from a worker that vanished; and how many leases are live.
-- Called after a sweep, which gives a turn to all that is due.
create function pipeline.ready_items(
  settings pipeline.stages, at timestamptz,
  out items int, out first_since timestamptz, out recovered boolean, out live int
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
as $$
declare
  v_per_user int := coalesce(
    settings.max_concurrency_per_user, (settings.max_concurrency + 1) / 2
  );
  v_from bigint;
  v_most int;
  v_ids bigint[];
begin
  -- As claims do: below the watermark only where there is nothing above.
  foreach v_from in array array[
    (select c.from_turn from pipeline.stage_clocks as c where c.stage = settings.stage), 0
  ] loop
    select count(*), (array_agg(r.available_at))[1], coalesce(bool_or(r.losses > 0), false)
    into items, first_since, recovered from (
      select t.available_at, t.losses from pipeline.tasks as t
      where t.stage = settings.stage and t.turn >= v_from
      order by t.turn, t.subject_id
      limit 1000
    ) as r;
    exit when items > 0;
  end loop;
  select coalesce(sum(h.items), 0), coalesce(max(h.items), 0) into live, v_most
  from pipeline.live_leases(settings.stage, ready_items.at) as h;
  if items > 0 and v_most >= v_per_user then
    v_ids := pipeline.pick_within_caps(settings.stage, 100, 0, v_per_user, null, ready_items.at);
    select count(*), min(t.available_at), coalesce(bool_or(t.losses > 0), false)
    into items, first_since, recovered
    from pipeline.tasks as t where t.stage = settings.stage and t.subject_id = any (v_ids);
  end if;
end
$$;

-- A row per stage that a function works. It is called where more is ready than live leases, each
-- of which stands for a worker that will come back for more; where the first item has waited beyond
-- the stage's patience, for such a worker may be busy for minutes; or where an item was recovered,
-- for then one is known to be gone, and its other leases stand for nobody; never for a stage that
-- is paused, at its cap, or held by its provider, and at most once per debounce (`called` is null
-- where that is why).
create function pipeline.dispatch()
returns table (stage text, ready int, called boolean)
language plpgsql volatile security invoker set search_path = ''
as $$
#variable_conflict use_column
declare
  v_now timestamptz := pipeline.now();
  v_stage pipeline.stages;
  v_ready record;
begin
  for v_stage in select s.* from pipeline.stages as s where s.is_claimed order by s.place loop
    perform pipeline.sweep_stage(v_stage.stage);
    continue when v_stage.function_name is null;
    select r.* into v_ready from pipeline.ready_items(v_stage, v_now) as r;
    stage := v_stage.stage;
    ready := v_ready.items;
    called := false;
    if v_stage.enabled and ready > 0
      and (v_ready.live < v_stage.max_concurrency) is not false
      and (
        ready > v_ready.live or v_ready.recovered or v_ready.first_since
          <= v_now - make_interval(secs => v_stage.patience_seconds::float8)
      )
      and not pipeline.is_held(v_stage, v_now)
    then
      called := pipeline.wake(v_stage, v_now);
    end if;
    return next;
  end loop;
end
$$;

-- Whether the stage's provider lets nothing through now.
create function pipeline.is_held(settings pipeline.stages, at timestamptz)
returns boolean
language plpgsql stable security invoker set search_path = ''
as $$
begin
  return exists (
    select from pipeline.provider_limits as l
    where l.provider = settings.provider and l.model = settings.model
      and pipeline.provider_room(l, is_held.at) < 1
  );
end
$$;

-- Whether the stage's function was called; null where that was only just done. The row lock lets
-- only one of two callers through.
create function pipeline.wake(settings pipeline.stages, at timestamptz)
returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_outcome text;
begin
  update pipeline.stage_clocks as c
  set woken_at = wake.at
  where c.stage = wake.settings.stage
    and not (
      c.woken_at > wake.at - make_interval(secs => wake.settings.debounce_seconds::float8)
      -- A clock that went back does not stop the wake-ups.
      and c.woken_at <= wake.at
    );
  if not found then
    return null;
  end if;
  v_outcome := pipeline.call_function(wake.settings.function_name);
  update pipeline.stage_clocks as c set outcome = v_outcome
  where c.stage = wake.settings.stage and c.outcome <> v_outcome;
  if v_outcome <> 'called' then
    raise notice 'nobody was woken for stage %: %', wake.settings.stage, v_outcome;
  end if;
  return v_outcome = 'called';
end
$$;

-- The scheduler's second is long for somebody who waits for the first word. So cron's job watches
-- for arrivals within its second, and dispatches as soon as there is one.

-- Called by cron every second. Looks at two sequences ten times a second: whoever makes items ready
-- counts it in pipeline.arrivals. It waits for no lock and holds none on a table, so that nothing
-- else has to wait for it. An arrival is counted before it commits, hence the short sleep; one that
-- takes longer to commit is found a second later, as is what comes due by itself.
--
-- What needed a call within the debounce of the last one counts as an arrival: the next watch looks
-- at it at once.
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
  v_refused boolean := false;
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
  for stage, ready, called in select d.stage, d.ready, d.called from pipeline.dispatch() as d loop
    v_refused := v_refused or called is null and (
      select s.debounce_seconds <= 1 from pipeline.stages as s where s.stage = watch.stage
    );
    return next;
  end loop;
  if v_refused then
    perform nextval('pipeline.arrivals');
  end if;
  if not v_is_set then
    perform set_config('pipeline.now', '', true);
  end if;
end
$$;

revoke all on function
  pipeline.call_function(text),
  pipeline.ready_items(pipeline.stages, timestamptz),
  pipeline.dispatch(),
  pipeline.is_held(pipeline.stages, timestamptz),
  pipeline.wake(pipeline.stages, timestamptz),
  pipeline.watch(numeric)
from public, anon, authenticated;
grant execute on function
  pipeline.call_function(text),
  pipeline.ready_items(pipeline.stages, timestamptz),
  pipeline.dispatch(),
  pipeline.is_held(pipeline.stages, timestamptz),
  pipeline.wake(pipeline.stages, timestamptz),
  pipeline.watch(numeric)
to service_role;
