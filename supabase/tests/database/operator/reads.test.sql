-- What an operator sees: depths, what failed, how fast it goes, the life of an item. Nothing of it
-- counts without bound.
begin;
select plan(27);

delete from public.video_recordings;
delete from public.processing_timeline;
select tests.users('owner', 'other', 'operator');
set local pipeline.now = '2030-01-01 12:00:00+00';
insert into public.video_recordings (user_id, filename, storage_path, upload_status)
select md5('owner')::uuid, 'a.mp4', md5('owner')::uuid || '/' || i, 'completed'
from generate_series(1, 6) as i;
create temp table jobs on commit drop as
select j.id, j.video_recording_id, row_number() over (order by j.id)::int as number
from public.analysis_jobs as j;
grant select on jobs to authenticated;
create function pg_temp.claim(batch_size int)
returns table (number int, id bigint, lease_token uuid) language sql as $$
  select j.number, c.id, c.lease_token from pipeline.claim_analysis(batch_size, 60) as c
  join jobs as j using (id)
$$;

set local pipeline.now = '2030-01-01 12:00:10+00';
create temp table held on commit drop as select * from pg_temp.claim(5);
set local pipeline.now = '2030-01-01 12:00:14+00';
select pipeline.fail('analysis', id, lease_token, 'reply_invalid', 'Bad.', false) from held
where number = 1;
set local pipeline.now = '2030-01-01 12:00:16+00';
select pipeline.fail('analysis', id, lease_token, 'reply_invalid', 'Worse.', false) from held
where number = 2;
select pipeline.fail('analysis', id, lease_token, 'video_unreadable', 'No.', false) from held
where number = 3;
select pipeline.defer('analysis', id, lease_token, 'provider_unavailable', 'Later.', 60) from held
where number = 4;
select tests.sign_in('operator');
set local pipeline.now = '2030-01-01 12:00:29+00';

set local role authenticated;
select results_eq(
  $$ select paused, ready, oldest_ready_at, in_flight, delayed, next_due_at, parked, failed
     from public.operator_stages() where stage = 'analysis' $$,
  $$ values (false, 1, '2030-01-01 12:00:00+00'::timestamptz, 1, 1,
       '2030-01-01 12:01:16+00'::timestamptz, 0, 3) $$,
  'how many are ready and since when, in flight, delayed and until when, parked, failed'
);
select results_eq(
  'select stage from public.operator_stages()', 'select stage from public.operator_pace()',
  'every stage is there, in the order of their places'
);
select results_eq(
  $$ select error_code, items, newest_at from public.operator_find_failures() order by error_code $$,
  $$ values ('reply_invalid', 2, '2030-01-01 12:00:16+00'::timestamptz),
     ('video_unreadable', 1, '2030-01-01 12:00:16+00'::timestamptz) $$,
  'what failed, by error'
);
select results_eq(
  $$ select j.number, i.attempts, i.last_error, i.failed_at
     from public.operator_failed_items('analysis', 'reply_invalid', at_most => 1) as i
     join jobs as j using (id) $$,
  $$ values (2, 1, 'Worse.', '2030-01-01 12:00:16+00'::timestamptz) $$,
  'its items, the newest first'
);
select results_eq(
  $$ select j.number from public.operator_failed_items(
       'analysis', 'reply_invalid', '2030-01-01 12:00:16+00',
       (select id from jobs where number = 2), 1
     ) as i join jobs as j using (id) $$,
  'values (1)', 'page by page'
);
select throws_ok(
  $$ select public.operator_failed_items('analysis', 'x', at_most => 201) $$, 'SL003', null,
  'a page has an end'
);
select is_empty(
  $$ select from public.operator_failed_items('no_stage"; drop', 'x') $$,
  'a stage that is none has no items'
);

-- A filter.
select results_eq(
  $$ select error_code, items, newest_at from public.operator_find_failures(said => 'WORSE') $$,
  $$ values ('reply_invalid', 1, '2030-01-01 12:00:16+00'::timestamptz) $$,
  'what failed with these words'
);
select results_eq(
  $$ select error_code, items from public.operator_find_failures(
       ' Owner@Example.com', since => '2030-01-01 12:00:15+00'
     ) order by error_code $$,
  $$ values ('reply_invalid', 1), ('video_unreadable', 1) $$, 'what failed of an owner since then'
);
select results_eq(
  $$ select error_code, items
     from public.operator_find_failures(until => '2030-01-01 12:00:14+00') $$,
  $$ values ('reply_invalid', 1) $$, 'and until then'
);
select is_empty(
  $$ select from public.operator_find_failures(md5('other')::uuid::text)
     union all select from public.operator_find_failures('nobody') $$,
  'of others, and of nobody, nothing'
);
select results_eq(
  $$ select j.number from public.operator_failed_items(
       'analysis', 'reply_invalid', owner => 'owner@example.com', said => 'bad'
     ) as i join jobs as j using (id) $$,
  'values (1)', 'the items behind it are those of the filter'
);
select results_eq(
  $$ select f.stage, f.item_id, f.status, f.error_code, f.recording_id
     from jobs as j, public.operator_find(j.video_recording_id) as f
     where j.number = 3 and f.recording_id is not null $$,
  $$ select f.stage, f.id, f.status, f.code, j.video_recording_id
     from jobs as j
     cross join lateral (values
       ('upload', j.video_recording_id, 'completed', null),
       ('analysis', j.id, 'failed', 'video_unreadable')
     ) as f (stage, id, status, code)
     where j.number = 3 $$,
  'by the number of a recording all that came of it is found'
);
select results_eq(
  $$ select f.stage, f.item_id from jobs as j, public.operator_find(j.id) as f
     where j.number = 2 and f.stage = 'analysis' and f.item_id = j.id $$,
  $$ select 'analysis', j.id from jobs as j where j.number = 2 $$,
  'by its own number an item is'
);
select results_eq(
  $$ select minutes, attempts, waiting_p50_ms, waiting_p95_ms, working_p50_ms, working_p95_ms
     from public.operator_pace() where stage = 'analysis' $$,
  'values (60, 4, 10000, 10000, 6000, 6000)', 'how long attempts waited and took'
);
select results_eq(
  $$ select completed_per_minute[60], troubled_per_minute[60], troubled_per_minute[59],
       cardinality(troubled_per_minute)
     from public.operator_pace() where stage = 'analysis' $$,
  'values (0, 3, 0, 60)', 'and how many ended in each minute'
);
select results_eq(
  $$ select status, task, available_at, deferred_seconds::int from public.operator_item(
       'analysis', (select id from jobs where number = 4)) $$,
  $$ values ('queued', 'delayed', '2030-01-01 12:01:16+00'::timestamptz, 60) $$,
  'where an item is'
);
select throws_ok(
  $$ select public.operator_item('none', 1) $$, 'SL002', null, 'an item has a stage that is one'
);
select results_eq(
  $$ select attempt, queued_at, started_at, ended_at, outcome, error_code
     from public.operator_attempts('analysis', (select id from jobs where number = 1)) $$,
  $$ values (1, '2030-01-01 12:00:00+00'::timestamptz, '2030-01-01 12:00:10+00'::timestamptz,
       '2030-01-01 12:00:14+00'::timestamptz, 'failed', 'reply_invalid') $$,
  'and its attempts'
);
reset role;

-- A remark's life begins with its analysis.
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
overriding system value
select -1, id, md5('owner')::uuid, 1, 2, 'motion', 'low', 0.5, 'Hello' from jobs where number = 1;
insert into public.processing_timeline (user_id, stage, subject_id, attempt, started_at, outcome)
select md5('owner')::uuid, 'ssml', -1, i, '2030-01-01 12:00:30+00', 'retried'
from generate_series(1, 300) as i;
set local role authenticated;
select results_eq(
  $$ select stage, count(*)::int from public.operator_attempts('audio', -1) group by 1 $$,
  $$ values ('ssml', 200) $$, 'a remark shows both its stages, the last 200 attempts'
);
reset role;
delete from public.processing_timeline where stage = 'ssml';
set local role authenticated;
select results_eq(
  $$ select stage from public.operator_attempts('ssml', -1) $$, $$ values ('analysis') $$,
  'and its analysis'
);
reset role;

-- Under load fewer minutes are read, and the rest is not guessed.
insert into public.processing_timeline
  (user_id, stage, subject_id, attempt, queued_at, started_at, ended_at, outcome)
select md5('owner')::uuid, 'audio', i, 1, '2030-01-01 11:52:00+00', '2030-01-01 11:52:00+00',
  '2030-01-01 11:52:00+00', 'completed'
from generate_series(1, 10001) as i;
set local role authenticated;
select results_eq(
  $$ select distinct minutes from public.operator_pace() $$, 'values (5)',
  'of a busy hour only the last minutes are read'
);
select results_eq(
  $$ select completed_per_minute[55], completed_per_minute[56]
     from public.operator_pace() where stage = 'audio' $$,
  'values (null::int, 0)', 'the minutes before are not known'
);
reset role;

update pipeline.stages set daily_attempts_per_user = 7 where stage = 'analysis';
insert into pipeline.usage (user_id, stage, day, attempts)
select md5(name)::uuid, 'analysis', '2030-01-01', n
from (values ('owner', 5), ('other', 6)) as v (name, n)
on conflict on constraint usage_pkey do update set attempts = excluded.attempts;
insert into pipeline.user_quotas (user_id, stage, daily_attempts)
values (md5('owner')::uuid, 'analysis', 9);
set local role authenticated;
select results_eq(
  'select email, stage, used, quota, is_own from public.operator_quotas()',
  $$ values ('other@example.com', 'analysis', 6, 7, false),
     ('owner@example.com', 'analysis', 5, 9, true) $$,
  'who used how much of what today'
);
select results_eq(
  $$ select u.email, u.stage, u.used, u.quota, u.is_own
     from public.operator_user(' Owner@Example.com ') as u where u.stage = 'analysis' $$,
  $$ values ('owner@example.com', 'analysis', 5, 9, true) $$, 'a user is found by their address'
);
select results_eq(
  $$ select distinct u.email from public.operator_user(md5('owner')::uuid::text) as u $$,
  $$ values ('owner@example.com') $$, 'or by their id'
);

reset role;
insert into pipeline.provider_calls (id, stage, subject_id, user_id, attempt, provider, model,
  request_hash, ms, cost, currency, created_at)
select gen_random_uuid(), 'audio', 1, md5('owner')::uuid, 1, 'p', 'm', repeat('a', 64), 1,
  case when i > 1 then 0.5 end, case when i > 1 then 'USD' end,
  '2030-01-01 11:00:00+00'::timestamptz - make_interval(days => i / 3)
from generate_series(1, 5) as i;
set local role authenticated;
select results_eq(
  'select day, currency, cost, calls, unpriced_calls, is_whole from public.operator_costs()',
  $$ values ('2030-01-01'::date, 'USD', 0.5, 1, 0, true), ('2030-01-01', null, 0, 1, 1, true),
     ('2029-12-31', 'USD', 1.5, 3, 0, true) $$,
  'and what each day has cost'
);

reset role;
select * from finish();
rollback;
