-- Records are added to. Nobody but enforce_data_retention(), and whoever deletes what they are
-- about, takes rows away; nobody changes one.
begin;
select plan(4);

create temp table records as
select unnest(array[
  'pipeline.audit_log', 'pipeline.system_metrics', 'public.processing_timeline',
  'public.storage_operations', 'public.url_access_logs', 'pipeline.provider_calls'
]) as name;

select is_empty(
  $$ select r.name, u.role, v.verb from records as r
     cross join unnest(array['anon', 'authenticated', 'service_role']) as u (role)
     cross join unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) as v (verb)
     where has_table_privilege(u.role, r.name, v.verb) $$,
  'no caller changes, deletes or truncates them'
);
select set_eq(
  $$ select r.name, a.attname::text from records as r
     join pg_attribute as a on a.attrelid = r.name::regclass and a.attnum > 0
     where has_column_privilege('service_role', r.name, a.attname, 'UPDATE') $$,
  $$ values ('pipeline.provider_calls', 'answer'), ('pipeline.provider_calls', 'refused'),
     ('public.processing_timeline', 'details'), ('public.processing_timeline', 'ended_at'),
     ('public.processing_timeline', 'error_code'), ('public.processing_timeline', 'outcome') $$,
  'workers end the steps that they began, and forget answers that were used'
);

insert into auth.users (id) values ('a0000000-0000-4000-8000-000000000001');
insert into public.processing_timeline
  (stage, subject_id, user_id, attempt, started_at, ended_at, outcome)
values ('audio', 1, 'a0000000-0000-4000-8000-000000000001', 1, '2030-01-01', '2030-01-01',
  'failed');
select throws_ok(
  $$ update public.processing_timeline set outcome = 'completed' where subject_id = 1 $$, 'PT409',
  'an attempt that has ended stays as it was', 'what has ended stays, whoever writes'
);
select is_empty(
  $$ select r.name from records as r
     where r.name not in (select t.schema_name || '.' || t.table_name from pipeline.retention as t) $$,
  'each is kept for a time that is set'
);

select * from finish();
rollback;
