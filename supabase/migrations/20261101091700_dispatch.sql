-- Waking the workers. Cron has dispatch() called (by watch()), which recognises finished uploads,
-- sweeps, and calls a stage's function where work is ready that nobody is about to take. The call
-- is a hint: with every call lost, a worker that is started by hand still finds all the work.

create table pipeline.wake_ups (
  stage text primary key references pipeline.stages (stage) on delete cascade,
  woken_at timestamptz not null default '-infinity',
  outcome text not null default 'never called'
);

comment on table pipeline.wake_ups is 'When dispatch() last called each stage''s function.';
comment on column pipeline.wake_ups.stage is 'The stage.';
comment on column pipeline.wake_ups.woken_at is 'The last try; the next waits for the debounce.';
comment on column pipeline.wake_ups.outcome is '''called'', or what is missing to make the call.';

insert into pipeline.wake_ups (stage)
select s.stage from pipeline.stages as s;

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

-- A row per stage. A function is called where more is ready than live leases, each of which stands
-- for a worker that will come back for more; where the first item has waited beyond the stage's
-- patience, for such a worker may be busy for minutes; or where an item was recovered, for then one
-- is known to be gone, and its other leases stand for nobody; never for a stage that is paused,
-- at its cap, or held by its provider, and at most once per debounce. Counts stop at 1,000.
create function pipeline.dispatch()
returns table (stage text, ready int, called boolean)
language plpgsql volatile security invoker set search_path = ''
as $$
#variable_conflict use_column
declare
  v_now timestamptz := pipeline.now();
  v_stage pipeline.stages;
  v_since timestamptz;
  v_recovered boolean;
  v_live int;
begin
  perform pipeline.recognise_uploads(interval '1 day');
  perform pipeline.sweep();
  for v_stage in
    select s.* from pipeline.stages as s order by array_position('{analysis,ssml,audio}', s.stage)
  loop
    stage := v_stage.stage;
    if v_stage.max_concurrency_per_user is null then
      select r.items, r.first_since, r.recovered into ready, v_since, v_recovered
      from pipeline.ready_items(v_stage.stage, 1000) as r;
    else
      select r.items, r.first_since, r.recovered into ready, v_since, v_recovered
      from pipeline.ready_within_cap(
        v_stage.stage, 1000, v_stage.max_concurrency_per_user
      ) as r;
    end if;
    called := false;
    if v_stage.enabled and ready > 0 and not pipeline.is_held(v_stage, v_now) then
      v_live := pipeline.live_leases(
        v_stage.stage, greatest(1000, coalesce(v_stage.max_concurrency, 0))
      );
      if (
        ready > v_live or v_recovered
        or v_since <= v_now - make_interval(secs => v_stage.patience_seconds::float8)
      ) and v_live < coalesce(v_stage.max_concurrency, v_live + 1)
      then
        called := pipeline.wake(v_stage, v_now);
      end if;
    end if;
    return next;
  end loop;
end
$$;

-- Whether the stage's provider lets nothing through now.
create function pipeline.is_held(settings pipeline.stages, at timestamptz)
returns boolean
language sql stable security invoker set search_path = ''
as $$
  select coalesce(pipeline.provider_room(l, is_held.at) < 1, false)
  from pipeline.provider_limits as l
  where l.provider = is_held.settings.provider and l.model = is_held.settings.model
$$;

-- Whether the stage's function was called. The row lock lets only one of two callers through.
create function pipeline.wake(settings pipeline.stages, at timestamptz)
returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_outcome text;
begin
  update pipeline.wake_ups as w
  set woken_at = wake.at
  where w.stage = wake.settings.stage
    and not (
      w.woken_at > wake.at - make_interval(secs => wake.settings.debounce_seconds::float8)
      -- A clock that went back does not stop the wake-ups.
      and w.woken_at <= wake.at
    );
  if not found then
    return false;
  end if;
  v_outcome := pipeline.call_function(wake.settings.function_name);
  update pipeline.wake_ups as w set outcome = v_outcome where w.stage = wake.settings.stage;
  if v_outcome <> 'called' then
    raise notice 'nobody was woken for stage %: %', wake.settings.stage, v_outcome;
  end if;
  return v_outcome = 'called';
end
$$;

alter table pipeline.wake_ups enable row level security;

create policy "workers and operators read the wake-ups" on pipeline.wake_ups
for all to service_role using (true) with check (true);

revoke all on table pipeline.wake_ups from public, anon, authenticated, service_role;
grant select, update on table pipeline.wake_ups to service_role;

revoke all on function pipeline.is_held(pipeline.stages, timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.call_function(text) from public, anon, authenticated;
revoke all on function pipeline.wake(pipeline.stages, timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.dispatch() from public, anon, authenticated;
grant execute on function pipeline.is_held(pipeline.stages, timestamptz) to service_role;
grant execute on function pipeline.call_function(text) to service_role;
grant execute on function pipeline.wake(pipeline.stages, timestamptz) to service_role;
grant execute on function pipeline.dispatch() to service_role;
