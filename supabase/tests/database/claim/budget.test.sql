-- The stage's settings at work: pause, concurrency cap, batch and lease limits.
begin;
select plan(13);

delete from public.video_recordings;
insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com'),
  ('b0000000-0000-4000-8000-000000000002', 'stranger@example.com');
insert into public.video_recordings (id, user_id, filename, storage_path)
overriding system value
values (-1, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/a.mp4');
insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status)
overriding system value
values (-1, -1, 'a0000000-0000-4000-8000-000000000001', '{"style":"calm"}', 'completed');
set local pipeline.now = '2030-01-01 00:00:00+00';
insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
select -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, 'Hello'
from generate_series(1, 12);
set local role service_role;

update pipeline.stages set enabled = false where stage = 'ssml';
select is_empty($$ select id from pipeline.claim_ssml(10) $$, 'a paused stage hands out nothing');
update pipeline.stages set enabled = true, max_concurrency = 3 where stage = 'ssml';
select results_eq(
  $$ select count(*) from pipeline.claim_ssml(2) $$, $$ values (2::bigint) $$,
  'below the cap a claim gets what it asks for'
);
select results_eq(
  $$ select count(*) from pipeline.claim_ssml(2) $$, $$ values (1::bigint) $$,
  'at the cap it gets what is left'
);
select is_empty($$ select id from pipeline.claim_ssml(2) $$, 'above the cap it gets nothing');
select results_eq(
  $$ select pipeline.live_leases('ssml', 10), pipeline.live_leases('audio', 10),
       pipeline.live_leases('analysis', 10), pipeline.live_leases('ssml', 2) $$,
  $$ values (3, 0, 0, 2) $$, 'live leases are counted per stage, up to a bound'
);
set local pipeline.now = '2030-01-01 00:01:00+00';
select results_eq(
  $$ select pipeline.live_leases('ssml', 10) $$, $$ values (0) $$,
  'an expired lease is not live'
);
select results_eq(
  $$ select count(*) from pipeline.claim_ssml(10) $$, $$ values (3::bigint) $$,
  'and makes room below the cap'
);
update pipeline.stages set max_concurrency = null, batch_size = 4, lease_seconds = 7
where stage = 'ssml';
select results_eq(
  $$ select count(*), max(lease_expires_at) from pipeline.claim_ssml() $$,
  $$ values (4::bigint, '2030-01-01 00:01:07+00'::timestamptz) $$,
  'batch and lease default to the stage''s'
);

-- Fewer attempts allowed than before: what has had as many fails, be it queued or expired.
update public.analysis_feedback set ssml_attempts = 2 where ssml_status = 'queued';
update pipeline.stages set max_attempts = 1 where stage = 'ssml';
select is_empty(
  $$ select attempt from pipeline.claim_ssml(1) $$,
  'a queued item that has had as many attempts is not handed out again'
);

select throws_ok('select pipeline.claim_ssml(0)', 'SL003', null, 'a batch of 0 is refused');
select throws_ok('select pipeline.claim_audio(1001)', 'SL003', null, 'a batch of 1001 is refused');
select throws_ok('select pipeline.claim_ssml(1, 0)', 'SL003', null, 'a lease of 0 s is refused');
select throws_ok(
  'select pipeline.claim_analysis(1, 3601)', 'SL003', null, 'a lease above an hour is refused'
);

reset role;
select * from finish();
rollback;
