-- The audit log: who changed, retried and deleted what. Nobody changes what it says.
begin;
select plan(7);

delete from public.video_recordings;
delete from pipeline.audit_log;
insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com'),
  ('c0000000-0000-4000-8000-000000000001', 'operator@example.com');
create function pg_temp.act_as(claims jsonb)
returns void language sql as $$
  select set_config('request.jwt.claims', claims::text, true)
$$;
create function pg_temp.logged()
returns table (actor text, actor_id uuid, action text, subject text, details jsonb)
language sql as $$
  with taken as (delete from pipeline.audit_log returning *)
  select t.actor, t.actor_id, t.action, t.subject, t.details from taken as t order by t.id
$$;

insert into pipeline.provider_limits (provider, model) values ('google-cloud-tts', 'another');
update pipeline.stages set max_attempts = max_attempts, model = 'another' where stage = 'audio';
select is_empty('select from pg_temp.logged()', 'what changes no setting is not logged');

update pipeline.stages set enabled = false where stage = 'audio';
select results_eq(
  'select * from pg_temp.logged()',
  $$ values ('system', null::uuid, 'stage_changed', 'audio', '{"enabled": [true, false]}'::jsonb) $$,
  'a setting that is changed by hand is: what, from and to'
);

select pg_temp.act_as('{"role": "service_role"}');
insert into pipeline.user_quotas values ('a0000000-0000-4000-8000-000000000001', 'audio', 5);
select results_eq(
  'select actor, action, subject from pg_temp.logged()',
  $$ values ('service', 'quota_changed', 'a0000000-0000-4000-8000-000000000001 audio') $$,
  'a quota that is set with the secret key'
);

select pg_temp.act_as('{
  "sub": "c0000000-0000-4000-8000-000000000001", "role": "authenticated",
  "app_metadata": {"role": "operator"}
}');
select pipeline.log_security_event('looked', 'somewhere', '{"at": 1}');
select results_eq(
  'select actor, actor_id, action from pg_temp.logged()',
  $$ values ('operator', 'c0000000-0000-4000-8000-000000000001'::uuid, 'looked') $$,
  'an operator is named as one'
);

select pg_temp.act_as(
  '{"sub": "a0000000-0000-4000-8000-000000000001", "role": "authenticated"}'
);
select tests.recordings(3);
delete from public.video_recordings;
select results_eq(
  'select actor, action, subject, details from pg_temp.logged()',
  $$ values ('user', 'recordings_deleted', 'a0000000-0000-4000-8000-000000000001',
     '{"count": 3, "first_ids": [-3, -2, -1]}'::jsonb) $$,
  'what an owner deletes at once is a row'
);

select pipeline.count_retry('audio', -7);
select results_eq(
  'select action, subject, details from pg_temp.logged()',
  $$ values ('retried', 'audio -7', '{"count": 1}'::jsonb) $$, 'a retry'
);

select pipeline.log_refused_calls('audioWorker', 'unauthorized', 100)
from generate_series(1, 20);
select results_eq(
  'select count(*), min(details::text) from pg_temp.logged()',
  $$ values (10::bigint, '{"code": "unauthorized", "calls": 100}') $$,
  'refused calls, ten rows a minute of each function'
);

select * from finish();
rollback;
