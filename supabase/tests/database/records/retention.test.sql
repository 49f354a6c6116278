-- enforce_data_retention(): what is too old goes, a bounded number at once; what is held stays.
begin;
select plan(5);

delete from pipeline.rate_limits;
delete from public.storage_operations;
select tests.people();
set local pipeline.now = '2030-01-01 00:00:00+00';

select results_eq(
  $$ select pipeline.log_storage_operations(jsonb_agg(jsonb_build_object(
       'user_id', u, 'operation', 'upload', 'bucket', 'processed', 'path', u || '/a.mp3',
       'outcome', 'done', 'bytes', 10, 'milliseconds', 5, 'function_name', 'audioWorker')))
     from unnest(array[
       'a0000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001',
       'b0000000-0000-4000-8000-000000000002', 'd0000000-0000-4000-8000-000000000001'
     ]) as u $$,
  'values (3)', 'operations are written together; those of an account that is gone are left out'
);

set local pipeline.now = '2030-01-31 00:00:00+00';
select is_empty(
  $$ select * from pipeline.enforce_data_retention() where name = 'public.storage_operations' $$,
  'what is as old as may be stays'
);

set local pipeline.now = '2030-01-31 00:00:01+00';
update pipeline.retention set max_rows = 2 where table_name = 'storage_operations';
select results_eq(
  $$ select removed from pipeline.enforce_data_retention() where name = 'public.storage_operations' $$,
  'values (2::bigint)', 'what is older goes, so many at once'
);

select tests.act_as('owner');
select is_empty(
  $$ select from public.storage_operations
     where user_id <> 'a0000000-0000-4000-8000-000000000001' $$,
  'owners see what was done to their objects alone'
);
set local role service_role;
select throws_ok(
  $$ update pipeline.retention set table_name = 'tasks' $$, '42501', null,
  'the secret key says how long, and not of which table'
);

reset role;
select * from finish();
rollback;
