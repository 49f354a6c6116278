-- Undoes 20261101101030_retention.sql.

create function pipeline.unschedule_retention()
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if to_regclass('cron.job') is not null then
    perform cron.unschedule(j.jobid) from cron.job as j where j.jobname = 'sideline-prune';
  end if;
end
$$;

select pipeline.unschedule_retention();

drop function pipeline.unschedule_retention();
drop function pipeline.schedule_retention();
drop function pipeline.enforce_data_retention();
drop function pipeline.delete_old_rows(pipeline.retention);
drop function pipeline.drop_oldest_partition(pipeline.retention);
drop function pipeline.add_partitions(pipeline.retention);
drop function pipeline.is_held(regclass);
drop table pipeline.retention;
