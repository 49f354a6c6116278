-- Undoes 20261101100730_forgotten_objects.sql.

create function pipeline.remove_schedule()
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if to_regclass('cron.job') is not null then
    perform cron.unschedule(j.jobid) from cron.job as j where j.jobname = 'sideline-erasures';
  end if;
end
$$;

select pipeline.remove_schedule();

drop function pipeline.remove_schedule();
drop function pipeline.schedule_erasures();
drop function pipeline.tidy_erasures();
drop trigger tasks_200_erase_providers_copy on pipeline.tasks;
drop function pipeline.erase_providers_copy();
drop function pipeline.find_forgotten_objects(int);
drop table pipeline.object_search;
