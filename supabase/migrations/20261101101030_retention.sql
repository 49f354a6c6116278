-- How long what only grows is kept: records, history, counters. One setting a table, one function
-- that removes what is older, and cron that calls it.

create table pipeline.retention (
  schema_name text not null,
  table_name text not null,
  column_name text not null,
  keep_for interval not null,
  max_rows int not null default 10000,
  constraint retention_pkey primary key (schema_name, table_name),
  constraint keep_for_is_not_negative check (keep_for >= interval '0'),
  constraint max_rows_is_between_1_and_1000000 check (max_rows between 1 and 1000000)
);

comment on table pipeline.retention is 'How long the rows of a table are kept.';
comment on column pipeline.retention.schema_name is 'Its schema.';
comment on column pipeline.retention.table_name is 'The table; one that is missing is passed over.';
comment on column pipeline.retention.column_name is 'The column that says how old a row is.';
comment on column pipeline.retention.keep_for is 'Older rows are removed.';
comment on column pipeline.retention.max_rows is 'Rows that one call removes at most.';

insert into pipeline.retention (schema_name, table_name, column_name, keep_for) values
  ('public', 'processing_timeline', 'ended_at', '90 days'),
  ('public', 'storage_operations', 'done_at', '30 days'),
  ('pipeline', 'audit_log', 'logged_at', '400 days'),
  ('pipeline', 'provider_calls', 'created_at', '400 days'),
  ('pipeline', 'rate_limits', 'ends_at', '0'),
  -- Today's and yesterday's: an attempt that began before midnight may be given back.
  ('pipeline', 'usage', 'day', '2 days'),
  ('cron', 'job_run_details', 'end_time', '1 hour'),
  ('net', '_http_response', 'created', '1 hour');

-- Called by cron. Removes what is too old, at most max_rows of each table, and waits for nobody:
-- rows that are held are left to the next call. Every such column has an index, or its table is
-- small, so that a call that finds nothing costs nothing.
create function pipeline.enforce_data_retention()
returns table (name text, removed bigint)
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v pipeline.retention;
begin
  for v in select r.* from pipeline.retention as r order by r.schema_name, r.table_name loop
    name := format('%I.%I', v.schema_name, v.table_name);
    continue when to_regclass(name) is null;
    execute format(
      'delete from %1$I.%2$I as t
       where t.ctid = any (array(
         select o.ctid from %1$I.%2$I as o where o.%3$I < $1 limit $2 for update skip locked
       ))', v.schema_name, v.table_name, v.column_name
    ) using pipeline.now() - v.keep_for, v.max_rows;
    get diagnostics removed = row_count;
    if removed > 0 then
      return next;
    end if;
  end loop;
end
$$;

-- Answers 'scheduled', or 'skipped' where there is no scheduler. Called once, below.
create function pipeline.schedule_retention()
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if to_regclass('cron.job') is null then
    return 'skipped';
  end if;
  perform cron.schedule(
    'sideline-prune', '*/10 * * * *', 'select * from pipeline.enforce_data_retention()'
  );
  return 'scheduled';
end
$$;

create trigger retention_200_log_change
after insert or update or delete on pipeline.retention
for each row execute function pipeline.log_change(
  'retention_changed', 'schema_name', 'table_name'
);

alter table pipeline.retention enable row level security;

create policy "operators set how long rows are kept" on pipeline.retention
for all to service_role using (true) with check (true);

-- Which table is meant is not the service role's to say: cron removes rows as postgres.
revoke all on table pipeline.retention from public, anon, authenticated, service_role;
grant select on table pipeline.retention to service_role;
grant update (keep_for, max_rows) on table pipeline.retention to service_role;

revoke all on function pipeline.enforce_data_retention(), pipeline.schedule_retention()
from public, anon, authenticated;

select pipeline.schedule_retention();
