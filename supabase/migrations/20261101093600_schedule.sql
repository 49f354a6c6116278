-- The clockwork on platforms that have it: pg_cron calls watch() and looks for uploads every
-- second. Where an extension is not available the machine works without
-- it, only slower to wake.

-- Creates the optional extensions that this server offers, and its jobs if cron is one of
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
  -- In transactions of their own: what goes wrong there stops no dispatch.
  perform cron.schedule('sideline-uploads', '1 second', 'select pipeline.recognise_uploads()');
  perform cron.schedule(
    'sideline-replacements', '* * * * *', 'select pipeline.recognise_replacements()'
  );
  perform cron.schedule('sideline-answers', '*/10 * * * *', 'select pipeline.drop_old_answers()');
  return 'scheduled';
end
$$;

-- Cron runs both as postgres, who alone may reach the scheduler's tables.

revoke all on function pipeline.install_schedule() from public, anon, authenticated;

select pipeline.install_schedule();
