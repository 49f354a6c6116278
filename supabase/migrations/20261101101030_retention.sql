-- How long what only grows is kept: records, history, counters. One setting a table, one function
-- that removes what is older, and cron that calls it.
--
-- The records that grow with each item are cut into weeks (UTC, from Monday on), made two ahead and
-- dropped whole: docs/adr/0016. What fits no week, because a clock jumped, lies in the default
-- partition, and goes by rows as in any other table.

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
comment on column pipeline.retention.column_name is
  'The column that says how old a row is; of a table in weeks the one that they are made by.';
comment on column pipeline.retention.keep_for is
  'Older rows are removed; of a table in weeks, each week when all of it is older.';
comment on column pipeline.retention.max_rows is 'Rows that one call removes at most.';

insert into pipeline.retention (schema_name, table_name, column_name, keep_for) values
  ('public', 'processing_timeline', 'started_at', '90 days'),
  ('public', 'storage_operations', 'done_at', '30 days'),
  ('pipeline', 'audit_log', 'logged_at', '400 days'),
  ('pipeline', 'provider_calls', 'created_at', '400 days'),
  ('pipeline', 'rate_limits', 'ends_at', '0'),
  -- Today's and yesterday's: an attempt that began before midnight may be given back.
  ('pipeline', 'usage', 'day', '2 days'),
  ('cron', 'job_run_details', 'end_time', '1 hour'),
  ('net', '_http_response', 'created', '1 hour');

-- Whether somebody has used a table for more than a moment, and may do so for long.
create function pipeline.is_held(relation regclass)
returns boolean
language sql volatile security invoker set search_path = ''
as $$
  select exists (
    select from pg_catalog.pg_locks as l
    join pg_catalog.pg_stat_activity as a on a.pid = l.pid
    where l.relation = is_held.relation
      and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = a.datname)
      and a.datname = current_database() and a.pid <> pg_backend_pid()
      and a.xact_start < clock_timestamp() - interval '1 second'
  )
$$;

-- Makes this week of a table and the next two, with what the default partition already holds of
-- them. While somebody reads that, the next call tries again.
create function pipeline.add_partitions(setting pipeline.retention)
returns void
language plpgsql volatile security invoker set search_path = '' set lock_timeout = '200ms'
as $$
declare
  v_default text := setting.table_name || '_default';
  v_monday timestamptz := date_bin('7 days', pipeline.now(), '2001-01-01 00:00Z');
  v_from timestamptz;
  v_week text;
begin
  for v_from in select v_monday + i * interval '168 hours' from generate_series(0, 2) as i loop
    v_week := setting.table_name || to_char(v_from at time zone 'UTC', '_YYYYMMDD');
    continue when to_regclass(format('partitions.%I', v_week)) is not null
      or pipeline.is_held(format('partitions.%I', v_default)::regclass);
    execute format(
      'create table partitions.%1$I (like %2$I.%3$I including constraints including storage)
       with (autovacuum_vacuum_insert_scale_factor = 0.05);
       revoke all on table partitions.%1$I from public, anon, authenticated, service_role;
       alter table partitions.%1$I enable row level security;
       create policy "rows are read through their table" on partitions.%1$I
         for select to authenticated, service_role using (false);
       lock table partitions.%4$I in access exclusive mode;
       with moved as (
         delete from partitions.%4$I as d where d.%5$I >= %6$L and d.%5$I < %7$L returning d.*
       )
       insert into partitions.%1$I select m.* from moved as m;
       alter table %2$I.%3$I attach partition partitions.%1$I for values from (%6$L) to (%7$L)',
      v_week, setting.schema_name, setting.table_name, v_default, setting.column_name, v_from,
      v_from + interval '168 hours'
    );
  end loop;
end
$$;

-- Drops the oldest week of a table that is over since keep_for, and answers with how many rows it
-- held, about. One at a time: a clock that is wrong for an hour takes no year away.
create function pipeline.drop_oldest_partition(setting pipeline.retention)
returns bigint
language plpgsql volatile security invoker set search_path = '' set lock_timeout = '200ms'
as $$
declare
  v_table regclass := format('%I.%I', setting.schema_name, setting.table_name)::regclass;
  v_until timestamptz := pipeline.now() - setting.keep_for - interval '168 hours';
  v_week record;
begin
  select c.relname, greatest(c.reltuples, 0)::bigint as held into v_week
  from pg_catalog.pg_inherits as i
  join pg_catalog.pg_class as c on c.oid = i.inhrelid
  where i.inhparent = v_table and c.relname ~ '_[0-9]{8}$'
    and to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp at time zone 'UTC' <= v_until
  order by c.relname
  limit 1;
  if not found or pipeline.is_held(v_table) then
    return 0;
  end if;
  execute format('drop table partitions.%I', v_week.relname);
  return v_week.held;
end
$$;

-- Removes rows that are too old, at most max_rows, and waits for nobody: rows that are held are
-- left to the next call. Each such column has an index, or its table is small, so that a call that
-- finds nothing costs nothing.
create function pipeline.delete_old_rows(setting pipeline.retention)
returns bigint
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_removed bigint;
begin
  execute format(
    'delete from %1$I.%2$I as t
     where t.ctid = any (array(
       select o.ctid from %1$I.%2$I as o where o.%3$I < $1 limit $2 for update skip locked
     ))', setting.schema_name, setting.table_name, setting.column_name
  ) using pipeline.now() - setting.keep_for, setting.max_rows;
  get diagnostics v_removed = row_count;
  return v_removed;
end
$$;

-- Called by cron. Removes what is too old, a bounded number of rows of each table, or one week. The
-- weeks come last: what is written waits for this transaction while it makes or drops one. Where it
-- would wait longer than a moment itself, it fails, and the next call does it all. Where another
-- call is under way, this one leaves it all to that.
create function pipeline.enforce_data_retention()
returns table (name text, removed bigint)
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v record;
  v_rows pipeline.retention;
begin
  if not pg_try_advisory_xact_lock(hashtext('pipeline.enforce_data_retention')) then
    return;
  end if;
  for v in
    select r as setting, c.oid::regclass::text as name, c.relkind = 'p' as is_in_weeks
    from pipeline.retention as r
    join pg_catalog.pg_class as c on c.oid = to_regclass(format('%I.%I', schema_name, table_name))
    order by r.schema_name, r.table_name
  loop
    name := v.name;
    v_rows := v.setting;
    if v.is_in_weeks then
      v_rows.schema_name := 'partitions';
      v_rows.table_name := v_rows.table_name || '_default';
    end if;
    removed := pipeline.delete_old_rows(v_rows);
    if removed > 0 then
      return next;
    end if;
  end loop;
  for v in
    select r as setting, c.oid::regclass::text as name
    from pipeline.retention as r
    join pg_catalog.pg_class as c on c.oid = to_regclass(format('%I.%I', schema_name, table_name))
    where c.relkind = 'p'
    order by r.schema_name, r.table_name
  loop
    name := v.name;
    perform pipeline.add_partitions(v.setting);
    removed := pipeline.drop_oldest_partition(v.setting);
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

revoke all on function
  pipeline.is_held(regclass),
  pipeline.add_partitions(pipeline.retention),
  pipeline.drop_oldest_partition(pipeline.retention),
  pipeline.delete_old_rows(pipeline.retention),
  pipeline.enforce_data_retention(),
  pipeline.schedule_retention()
from public, anon, authenticated;

select pipeline.add_partitions(r) from pipeline.retention as r
where r.table_name in ('processing_timeline', 'storage_operations');

select pipeline.schedule_retention();
