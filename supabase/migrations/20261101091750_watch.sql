-- The scheduler's second is long for somebody who waits for the first word. So cron's job watches
-- for work within its second, and dispatches as soon as there is some.

-- Whether any stage has an item that a claim would find, or a sweep would make ready. Nine probes.
create function pipeline.has_work(at timestamptz)
returns boolean
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  return exists (
    select from public.analysis_jobs as j
    where j.status in ('queued', 'processing') and j.turn is not null
      and j.available_at <= has_work.at
  ) or exists (
    select from public.analysis_jobs as j
    where j.status = 'processing' and j.available_at <= has_work.at
  ) or exists (
    select from public.analysis_jobs as j
    where j.status = 'queued' and j.turn is null and j.available_at <= has_work.at
  ) or exists (
    select from public.analysis_feedback as f
    where f.ssml_status in ('queued', 'processing') and f.ssml_turn is not null
      and f.ssml_available_at <= has_work.at
  ) or exists (
    select from public.analysis_feedback as f
    where f.ssml_status = 'processing' and f.ssml_available_at <= has_work.at
  ) or exists (
    select from public.analysis_feedback as f
    where f.ssml_status = 'queued' and f.ssml_turn is null and f.ssml_available_at <= has_work.at
  ) or exists (
    select from public.analysis_feedback as f
    where f.audio_status in ('queued', 'processing') and f.audio_turn is not null
      and f.audio_available_at <= has_work.at
  ) or exists (
    select from public.analysis_feedback as f
    where f.audio_status = 'processing' and f.audio_available_at <= has_work.at
  ) or exists (
    select from public.analysis_feedback as f
    where f.audio_status = 'queued' and f.audio_turn is null and f.audio_available_at <= has_work.at
  );
end
$$;

-- Called by cron every second. Looks ten times a second, writes nothing and holds no lock while it
-- waits, and ends with dispatch(), whose calls are sent when this transaction ends. The time of the
-- transaction stands still meanwhile, so dispatch() is told the time, unless a test has set it.
create function pipeline.watch(seconds numeric default 0.8)
returns table (stage text, ready int, called boolean)
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_ends_at timestamptz := clock_timestamp()
    + make_interval(secs => watch.seconds::double precision);
  v_is_set boolean := nullif(current_setting('pipeline.now', true), '') is not null;
begin
  while clock_timestamp() < v_ends_at
    and not pipeline.has_work(case when v_is_set then pipeline.now() else clock_timestamp() end)
  loop
    perform pg_sleep(0.1);
  end loop;
  if not v_is_set then
    perform set_config('pipeline.now', clock_timestamp()::text, true);
  end if;
  return query select d.stage, d.ready, d.called from pipeline.dispatch() as d;
  if not v_is_set then
    perform set_config('pipeline.now', '', true);
  end if;
end
$$;

revoke all on function pipeline.has_work(timestamptz) from public, anon, authenticated;
revoke all on function pipeline.watch(numeric) from public, anon, authenticated;
grant execute on function pipeline.has_work(timestamptz) to service_role;
grant execute on function pipeline.watch(numeric) to service_role;
