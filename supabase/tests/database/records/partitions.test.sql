-- Records in weeks: made ahead, dropped whole, and nothing is lost where the clock jumps.
begin;
select plan(12);

insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com'),
  ('b0000000-0000-4000-8000-000000000001', 'stranger@example.com');
create function pg_temp.log_upload(owner text)
returns void language sql as $$
  select pipeline.log_storage_operations(jsonb_build_array(jsonb_build_object(
    'user_id', owner, 'operation', 'upload', 'bucket', 'processed', 'path', owner || '/a.mp3',
    'outcome', 'done', 'bytes', 10, 'milliseconds', 5, 'function_name', 'audioWorker')))
$$;
create function pg_temp.lies_in()
returns table (part text, rows bigint)
language sql as $$
  select o.tableoid::regclass::text, count(*) from public.storage_operations as o
  where o.done_at >= '2030-01-01' group by 1 order by 1
$$;

-- The weeks of today, which would go first.
do $$
declare
  v_week regclass;
begin
  for v_week in
    select i.inhrelid from pg_inherits as i
    where i.inhparent = 'public.storage_operations'::regclass
      and i.inhrelid::regclass::text ~ '_[0-9]{8}$'
  loop
    execute format('drop table %s', v_week);
  end loop;
end
$$;

-- 2 January 2030 is a Wednesday; nobody has made its week.
set local pipeline.now = '2030-01-02 12:00Z';
select pg_temp.log_upload('a0000000-0000-4000-8000-000000000001');
select pg_temp.log_upload('b0000000-0000-4000-8000-000000000001');
select results_eq(
  'select * from pg_temp.lies_in()',
  $$ values ('partitions.storage_operations_default', 2::bigint) $$,
  'what fits no week is kept all the same'
);

select pipeline.enforce_data_retention();
select results_eq(
  'select * from pg_temp.lies_in()',
  $$ values ('partitions.storage_operations_20291231', 2::bigint) $$, 'and moved into its week'
);
select set_eq(
  $$ select c.relname::text from pg_class as c
     where c.relnamespace = 'partitions'::regnamespace and c.relkind = 'r'
       and right(c.relname, 8) between '20291231' and '20301231' $$,
  $$ select t || w from unnest(array[
       'processing_timeline_', 'storage_operations_', 'system_metrics_'
     ]) as t, unnest(array['20291231', '20300107', '20300114']) as w $$,
  'this week and the next two are there, of each table in weeks'
);
select is_empty(
  $$ select c.relname from pg_class as c
     where c.relnamespace = 'partitions'::regnamespace and c.relkind = 'r' and (
       not c.relrowsecurity or not c.relispartition
       or has_table_privilege('service_role', c.oid, 'SELECT')
       or has_table_privilege('authenticated', c.oid, 'SELECT')
       or c.reloptions is null and c.relname !~ '_default$'
       or not exists (select from pg_index as i where i.indrelid = c.oid and i.indisprimary)
     ) $$,
  'no week can be read but through its table'
);
select is_empty(
  $$ select r.role from unnest(array['anon', 'authenticated', 'service_role']) as r (role)
     where has_schema_privilege(r.role, 'partitions', 'USAGE') $$, 'nobody may use their schema'
);

set local pipeline.now = '2030-01-15 00:00Z';
select pg_temp.log_upload('a0000000-0000-4000-8000-000000000001');
analyze public.storage_operations;
delete from auth.users where id = 'b0000000-0000-4000-8000-000000000001';
select results_eq(
  'select * from pg_temp.lies_in()',
  $$ values ('partitions.storage_operations_20291231', 1::bigint),
     ('partitions.storage_operations_20300114', 1::bigint) $$,
  'what a user had is deleted from each week'
);

-- The week ends on 7 January; its last row may be 30 days old on 6 February.
set local pipeline.now = '2030-02-05 23:59:59Z';
select is_empty(
  $$ select * from pipeline.enforce_data_retention() where name = 'public.storage_operations' $$,
  'a week stays while a part of it may'
);
set local pipeline.now = '2030-02-06 00:00Z';
select results_eq(
  $$ select removed from pipeline.enforce_data_retention() where name = 'public.storage_operations' $$,
  'values (2::bigint)', 'then it goes as a whole; how many rows it had is what was analysed'
);
select results_eq(
  'select * from pg_temp.lies_in()',
  $$ values ('partitions.storage_operations_20300114', 1::bigint) $$, 'and nothing else does'
);

set local pipeline.now = '2035-01-01 00:00Z';
select pipeline.enforce_data_retention();
select is_empty(
  $$ select c.relname from pg_class as c
     where c.relname in ('storage_operations_20300107') $$,
  'a clock that is years ahead'
);
select results_eq(
  'select * from pg_temp.lies_in()',
  $$ values ('partitions.storage_operations_20300114', 1::bigint) $$,
  'takes one week at a time'
);

set local pipeline.now = '2030-01-15 00:00Z';
select lives_ok(
  'select pipeline.enforce_data_retention()', 'a clock that is set back stops nothing'
);

select * from finish();
rollback;
