-- What an operator does, each time with their name in the log.
begin;
select plan(32);

delete from public.video_recordings;
select tests.users('owner', 'operator');
set local pipeline.now = '2030-01-01 12:00:00+00';
insert into public.video_recordings (user_id, filename, storage_path, upload_status)
select md5('owner')::uuid, 'a.mp4', md5('owner')::uuid || '/' || i, 'completed'
from generate_series(1, 6) as i;
create temp table jobs on commit drop as
select j.id, row_number() over (order by j.id)::int as number from public.analysis_jobs as j;
grant select on jobs to authenticated;
create function pg_temp.fail_all()
returns void language plpgsql as $$
begin
  perform pipeline.claim_analysis(8);
  perform pipeline.fail('analysis', t.subject_id, t.lease_token, 'x', 'No.', false)
  from pipeline.tasks as t where t.stage = 'analysis' and t.lease_token is not null;
end
$$;
delete from pipeline.audit_log;
create temp view log as select a.action, a.subject, a.details from pipeline.audit_log as a
where a.actor = 'operator' and a.actor_id = md5('operator')::uuid order by a.id;
select tests.sign_in('operator');

-- Pause and resume.
set local role authenticated;
select lives_ok($$ select public.operator_pause_stage('analysis') $$, 'a stage is paused');
select results_eq(
  $$ select paused from public.operator_stages() where stage = 'analysis' $$, 'values (true)',
  'which shows'
);
reset role;
select is_empty('select from pipeline.claim_analysis()', 'then nothing of it is claimed');
set local role authenticated;
select lives_ok($$ select public.operator_pause_stage('analysis') $$, 'it can be paused twice');
select lives_ok($$ select public.operator_resume_stage('analysis') $$, 'and goes on');
select throws_ok(
  $$ select public.operator_pause_stage('none') $$, 'SL002', 'there is no stage none',
  'another one is not paused'
);
reset role;
select results_eq(
  'select action, subject, details from log',
  $$ values ('stage_changed', 'analysis', '{"enabled": [true, false]}'::jsonb),
     ('stage_changed', 'analysis', '{"enabled": [false, true]}') $$,
  'the log has what changed'
);

-- Retry of one.
select pg_temp.fail_all();
update pipeline.stages set max_retries = 0 where stage = 'analysis';
set local role authenticated;
select results_eq(
  $$ select public.operator_retry('analysis', id) from jobs where number = 1 $$,
  $$ values ('queued') $$, 'one is retried, whatever its owner may'
);
select throws_ok(
  $$ select public.operator_retry('analysis', id) from jobs where number = 1 $$, 'SL001', null,
  'not again while it is queued'
);
select throws_ok(
  $$ select public.operator_retry('upload', 1) $$, 'SL001', null, 'nor what nobody worked on'
);
reset role;
select results_eq(
  $$ select action, subject from log where action = 'retried' $$,
  $$ select 'retried', 'analysis ' || id from jobs where number = 1 $$, 'the log names it'
);

-- Retry of all that a filter shows.
select pg_temp.fail_all();
set local role authenticated;
select results_eq(
  $$ select * from public.operator_retry_all('analysis', 'x', '2030-01-01 12:00:00+00', 4) $$,
  'values (4, 2)', 'so many a call'
);
reset role;
set local pipeline.now = '2030-01-01 12:00:01+00';
select pg_temp.fail_all();
set local role authenticated;
select results_eq(
  $$ select * from public.operator_retry_all('analysis', 'x', '2030-01-01 12:00:00+00', 4) $$,
  'values (2, 0)', 'and the rest, but not what failed again'
);
select results_eq(
  $$ select * from public.operator_retry_all('analysis', 'y', '2030-01-01 12:00:09+00') $$,
  'values (0, 0)', 'of another error there is none'
);
select throws_ok(
  $$ select public.operator_retry_all('analysis', 'x', now(), 501) $$, 'SL003', null,
  'a call has an end'
);
reset role;
select results_eq(
  $$ select subject, details ->> 'count' from log where action = 'retried_all' $$,
  $$ values ('analysis x', '4'), ('analysis x', '2') $$,
  'the log has how many'
);
select results_eq(
  'select count(*) from pipeline.failures', 'values (4::bigint)', 'four have failed again'
);
delete from public.video_recordings where id = (
  select j.video_recording_id from public.analysis_jobs as j
  join pipeline.failures as f on f.subject_id = j.id limit 1
);
select results_eq(
  'select count(*) from pipeline.failures', 'values (3::bigint)', 'what is deleted is listed no more'
);

-- Of what a filter shows, no more.
update public.analysis_jobs set last_error = 'The disk is full.' where id = (
  select min(f.subject_id) from pipeline.failures as f
);
set local role authenticated;
select results_eq(
  $$ select * from public.operator_retry_all(
       'analysis', 'x', '2030-01-01 12:00:01+00', owner => 'operator@example.com', said => 'disk'
     ) $$,
  'values (0, 0)', 'of another owner''s nothing is retried'
);
select results_eq(
  $$ select * from public.operator_retry_all(
       'analysis', 'x', '2030-01-01 12:00:01+00', owner => 'owner@example.com', said => 'disk',
       since => '2030-01-01 12:00:01+00'
     ) $$,
  'values (1, 0)', 'of what a filter shows all is, and nothing else'
);
reset role;

-- A quota of a user's own.
select pg_temp.fail_all();
set local role authenticated;
select lives_ok(
  $$ select public.operator_set_quota(md5('owner')::uuid, 'analysis', 0) $$, 'a quota is set'
);
select lives_ok(
  $$ select public.operator_retry_all('analysis', 'x', now() + interval '10 years') $$, 'and'
);
reset role;
select is_empty('select from pipeline.claim_analysis()', 'it holds');
set local role authenticated;
select lives_ok(
  $$ select public.operator_set_quota(md5('owner')::uuid, 'analysis') $$, 'it is taken back'
);
reset role;
select results_eq(
  'select count(*) > 0 from pipeline.claim_analysis()', 'values (true)', 'and what was parked goes on'
);
set local role authenticated;
reset role;
select results_eq(
  $$ select details - 'daily_spend' from log where action = 'quota_changed' $$,
  $$ values (jsonb_build_object('user_id', jsonb_build_array(null, md5('owner')::uuid),
       'stage', jsonb_build_array(null, 'analysis'), 'daily_attempts', jsonb_build_array(null, 0))),
     (jsonb_build_object('user_id', jsonb_build_array(md5('owner')::uuid, null),
       'stage', jsonb_build_array('analysis', null), 'daily_attempts', jsonb_build_array(0, null))) $$,
  'the log has both'
);
set local role authenticated;
select throws_ok(
  $$ select public.operator_set_quota(gen_random_uuid(), 'analysis', 1) $$, 'PT404', null,
  'a quota is somebody''s'
);
select throws_ok(
  $$ select public.operator_set_quota(md5('owner')::uuid, 'upload', 1) $$, 'SL002',
  'there is no stage upload that workers claim', 'and of a stage that claims'
);
select lives_ok(
  $$ select public.operator_set_quota(md5('owner')::uuid, 'ssml', 3) $$,
  'though the stage has none for all'
);
select results_eq(
  $$ select u.used, u.quota, u.is_own from public.operator_user(md5('owner')::uuid::text) as u
     where u.stage in ('ssml', 'audio') order by u.stage $$,
  'values (0, null, false), (0, 3, true)', 'and is told with the others'
);

-- Violations are looked for once a minute.
reset role;
insert into pipeline.failures (stage, subject_id, user_id, error_code, failed_at)
select 'ssml', -i, gen_random_uuid(), 'x', now() from generate_series(1, 101) as i;
set local role authenticated;
select results_eq(
  'select public.operator_check_now(), (select count(*) from public.operator_checkup())',
  'values (101, 0::bigint)', 'what is wrong is counted'
);
reset role;
delete from pipeline.failures where stage = 'ssml';
set local pipeline.now = '2030-01-01 12:01:00+00';
set local role authenticated;
select results_eq(
  'select public.operator_check_now(), c.violations, jsonb_array_length(c.found)
   from public.operator_checkup() as c', 'values (101, 101, 100)',
  'and kept: a minute long nobody looks again'
);

reset role;
select * from finish();
rollback;
