-- The clockwork on platforms that have it: pg_cron calls watch() every second and prunes its own
-- history. Where an extension is not available the machine works without it, only slower to wake.

-- What the scheduler and the sender leave behind, and uploads that took more than a day.
create function pipeline.prune()
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  perform pipeline.recognise_uploads();
  if to_regclass('cron.job_run_details') is not null then
    delete from cron.job_run_details as d where d.end_time < now() - interval '1 hour';
  end if;
  if to_regclass('net._http_response') is not null then
    delete from net._http_response as r where r.created < now() - interval '1 hour';
  end if;
end
$$;

-- Creates the optional extensions that this server offers, and the two jobs if cron is one of
-- them. Answers 'scheduled' or 'skipped'. Called once, below.
create function pipeline.install_schedule()
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_offered text[] := array(
    select e.name from pg_catalog.pg_available_extensions as e
    where e.name in ('pg_cron', 'pg_net', 'supabase_vault')
  );
begin
  if 'supabase_vault' = any (v_offered) then
    create extension if not exists supabase_vault;
  end if;
  if 'pg_net' = any (v_offered) then
    create extension if not exists pg_net with schema extensions;
  end if;
  if not 'pg_cron' = any (v_offered) then
    return 'skipped';
  end if;
  create extension if not exists pg_cron;
  perform cron.schedule('sideline-dispatch', '1 second', 'select pipeline.watch()');
  perform cron.schedule('sideline-prune', '*/10 * * * *', 'select pipeline.prune()');
  return 'scheduled';
end
$$;

-- Cron runs both as postgres, who alone may reach the scheduler's tables.
revoke all on function pipeline.prune() from public, anon, authenticated;
revoke all on function pipeline.install_schedule() from public, anon, authenticated;

select pipeline.install_schedule();
