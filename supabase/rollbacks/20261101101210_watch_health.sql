-- Undoes 20261101101210_watch_health.sql.

create function pipeline.unschedule_watch()
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if to_regclass('cron.job') is not null then
    perform cron.unschedule(j.jobid) from cron.job as j
    where j.jobname in ('sideline-health', 'sideline-slow-metrics');
  end if;
end
$$;

select pipeline.unschedule_watch();

drop function pipeline.unschedule_watch();
drop function pipeline.schedule_watch();
drop function pipeline.watch_scheduler();
drop function pipeline.watch_health();
drop function pipeline.announce_feedback();
drop function pipeline.feedback_to_announce();
