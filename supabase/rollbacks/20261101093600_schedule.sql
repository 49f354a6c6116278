-- Undoes 20261101093600_schedule.sql.
-- The extensions stay: other things may use them by now.

create function pipeline.remove_schedule()
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if to_regclass('cron.job') is not null then
    perform cron.unschedule(j.jobid)
    from cron.job as j
    where j.jobname in (
      'sideline-dispatch', 'sideline-uploads', 'sideline-replacements', 'sideline-answers'
    );
  end if;
end
$$;

select pipeline.remove_schedule();

drop function pipeline.remove_schedule();
drop function pipeline.install_schedule();
