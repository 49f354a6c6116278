begin;
select plan(10);

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
set audio_status = 'processing', audio_attempts = 2, audio_available_at = '2030-01-01 00:00:10+00',
  audio_lease_token = 'c0000000-0000-4000-8000-00000000000c'
where id = -1;
select results_eq(
  $$ select pipeline.extend_audio(-1, 'c0000000-0000-4000-8000-00000000000c', 45) $$,
  $$ values ('2030-01-01 00:00:45+00'::timestamptz) $$, 'a lease is extended from now on'
);
select results_eq(
  $$ select pipeline.extend_audio(-1, 'c0000000-0000-4000-8000-00000000000c') $$,
  $$ values ('2030-01-01 00:01:00+00'::timestamptz) $$, 'by the stage''s lease where none is given'
);
select results_eq(
  $$ select audio_status, audio_attempts, audio_available_at from public.analysis_feedback
     where id = -1 $$,
  $$ values ('processing', 2, '2030-01-01 00:01:00+00'::timestamptz) $$,
  'the row holds the new end'
);
select results_eq(
  $$ select pipeline.extend_audio(-1, gen_random_uuid()) $$,
  $$ values (null::timestamptz) $$, 'a wrong token extends nothing'
);
select throws_ok(
  $$ select pipeline.extend_audio(-1, 'c0000000-0000-4000-8000-00000000000c', 0) $$, 'SL003', null,
  'a lease lasts'
);
select throws_ok(
  $$ select pipeline.extend_audio(-1, 'c0000000-0000-4000-8000-00000000000c', 3601) $$,
  'SL003', null,
  'but not for ever'
);

select results_eq(
  $$ select pipeline.release_audio(-1, gen_random_uuid()) $$, $$ values ('stale') $$,
  'a wrong token releases nothing'
);
select results_eq(
  $$ select pipeline.release_audio(-1, 'c0000000-0000-4000-8000-00000000000c') $$,
  $$ values ('queued') $$,
  'a lease is handed back'
);
select results_eq(
  $$ select audio_status, audio_attempts, audio_available_at, audio_lease_token
     from public.analysis_feedback where id = -1 $$,
  $$ values ('queued', 1, '2030-01-01 00:00:00+00'::timestamptz, null::uuid) $$,
  'the item is ready at once and its attempt is not counted'
);
select results_eq(
  $$ select pipeline.release_audio(-1, 'c0000000-0000-4000-8000-00000000000c') $$,
  $$ values ('stale') $$,
  'releasing twice is stale'
);

select * from finish();
rollback;
