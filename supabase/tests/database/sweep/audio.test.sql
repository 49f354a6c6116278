begin;
select plan(6);

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
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
overriding system value
values (-1, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, 'Hello');
set local pipeline.now = '2030-01-01 00:00:00+00';

update public.analysis_feedback
set audio_status = 'processing', audio_attempts = 3,
  audio_available_at = '2030-01-01 00:00:00.001+00',
  audio_lease_token = 'c0000000-0000-4000-8000-00000000000c'
where id = -1;
select results_eq(
  $$ select swept from pipeline.sweep() where stage = 'audio' $$, $$ values (0) $$,
  'a lease that runs is left alone'
);
set local pipeline.now = '2030-01-01 00:00:01+00';
update public.analysis_feedback set audio_attempts = 2 where id = -1;
select results_eq(
  $$ select swept from pipeline.sweep() where stage = 'audio' $$, $$ values (0) $$,
  'an expired lease with attempts left is left to the next claim'
);
update public.analysis_feedback set audio_attempts = 3 where id = -1;
select results_eq(
  $$ select stage, swept from pipeline.sweep() where swept > 0 $$, $$ values ('audio', 1) $$,
  'an expired lease without attempts left is swept'
);
select results_eq(
  $$ select audio_status, audio_available_at, audio_lease_token, audio_error_code, audio_last_error
     from public.analysis_feedback where id = -1 $$,
  $$ values ('failed', null::timestamptz, null::uuid, 'lease_expired',
     'The worker vanished in each of 3 attempts.') $$,
  'the item fails as lease_expired'
);

update public.analysis_feedback
set audio_status = 'processing', audio_attempts = 3, audio_available_at = '2030-01-01 00:00:00+00',
  audio_lease_token = 'c0000000-0000-4000-8000-00000000000c'
where id = -1;
select is_empty(
  $$ select id from pipeline.claim_audio(10) where id = -1 $$,
  'a claim does not hand it out again'
);
select results_eq(
  $$ select audio_status, audio_error_code from public.analysis_feedback where id = -1 $$,
  $$ values ('failed', 'lease_expired') $$, 'but sweeps it, so that no scheduler is needed'
);

select * from finish();
rollback;
