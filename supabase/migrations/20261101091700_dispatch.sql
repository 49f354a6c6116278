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

-- Uploads whose object has arrived although no client said so: the object in bucket raw is the
-- proof. Recordings older than max_age are left to the rarer call without one. Parameters of a
-- media type are left out: they are the uploader's, of any length, and nothing here may raise.
create function pipeline.recognise_uploads(max_age interval default null)
returns int
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_count int;
begin
  update public.video_recordings as v
  set
    upload_status = 'completed',
    file_size = coalesce((o.metadata ->> 'size')::bigint, v.file_size),
    mime_type = coalesce(
      v.mime_type, left(substring(o.metadata ->> 'mimetype' from '^[!-:<-~]+'), 255)
    ),
    error_code = null,
    last_error = null
  from storage.objects as o
  where v.upload_status in ('pending', 'uploading')
    and (
      recognise_uploads.max_age is null
      or v.created_at > pipeline.now() - recognise_uploads.max_age
    )
    and o.bucket_id = 'raw' and o.name = v.storage_path;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- Items that a claim would find now, counted up to a bound; since when the first of them has been
-- waiting; and whether one was recovered from a worker that vanished. Called after a sweep, which
-- gives a turn to all that is due. Under a cap per user only what is within it counts.
create function pipeline.ready_items(
  stage text, at_most int, per_user int,
  out items int, out first_since timestamptz, out recovered boolean
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
as $$
declare
  v_now timestamptz := pipeline.now();
  v_ids bigint[];
begin
  case ready_items.stage
    when 'analysis' then
      if ready_items.per_user is not null then
        v_ids := pipeline.analysis_within_cap(ready_items.at_most, ready_items.per_user);
      end if;
      select count(*), (array_agg(r.since))[1], coalesce(bool_or(r.recovered), false)
      into items, first_since, recovered from (
        select j.available_at as since, j.status = 'processing' as recovered
        from public.analysis_jobs as j
        where j.status in ('queued', 'processing') and j.turn is not null
          and j.available_at <= v_now
          and (v_ids is null or j.id = any (v_ids))
        order by j.turn, j.available_at, j.id
        limit ready_items.at_most
      ) as r;
    when 'ssml' then
      if ready_items.per_user is not null then
        v_ids := pipeline.ssml_within_cap(ready_items.at_most, ready_items.per_user);
      end if;
      select count(*), (array_agg(r.since))[1], coalesce(bool_or(r.recovered), false)
      into items, first_since, recovered from (
        select f.ssml_available_at as since, f.ssml_status = 'processing' as recovered
        from public.analysis_feedback as f
        where f.ssml_status in ('queued', 'processing') and f.ssml_turn is not null
          and f.ssml_available_at <= v_now
          and (v_ids is null or f.id = any (v_ids))
        order by f.ssml_turn, f.ssml_available_at, f.id
        limit ready_items.at_most
      ) as r;
    else
      if ready_items.per_user is not null then
        v_ids := pipeline.audio_within_cap(ready_items.at_most, ready_items.per_user);
      end if;
      select count(*), (array_agg(r.since))[1], coalesce(bool_or(r.recovered), false)
      into items, first_since, recovered from (
        select f.audio_available_at as since, f.audio_status = 'processing' as recovered
        from public.analysis_feedback as f
        where f.audio_status in ('queued', 'processing') and f.audio_turn is not null
          and f.audio_available_at <= v_now
          and (v_ids is null or f.id = any (v_ids))
        order by f.audio_turn, f.audio_available_at, f.id
        limit ready_items.at_most
      ) as r;
  end case;
end
$$;

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
    select r.items, r.first_since, r.recovered into ready, v_since, v_recovered
    from pipeline.ready_items(v_stage.stage, 1000, v_stage.max_concurrency_per_user) as r;
    called := false;
    if v_stage.enabled and ready > 0 and not pipeline.is_held(v_stage, v_now) then
      v_live := pipeline.live_leases(v_stage.stage, 1000);
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

revoke all on function pipeline.recognise_uploads(interval) from public, anon, authenticated;
revoke all on function pipeline.ready_items(text, int, int) from public, anon, authenticated;
revoke all on function pipeline.is_held(pipeline.stages, timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.call_function(text) from public, anon, authenticated;
revoke all on function pipeline.wake(pipeline.stages, timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.dispatch() from public, anon, authenticated;
grant execute on function pipeline.recognise_uploads(interval) to service_role;
grant execute on function pipeline.ready_items(text, int, int) to service_role;
grant execute on function pipeline.is_held(pipeline.stages, timestamptz) to service_role;
grant execute on function pipeline.call_function(text) to service_role;
grant execute on function pipeline.wake(pipeline.stages, timestamptz) to service_role;
grant execute on function pipeline.dispatch() to service_role;
