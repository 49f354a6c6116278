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
set audio_status = 'processing', audio_attempts = 2, audio_available_at = '2030-01-01 00:01:00+00',
  audio_lease_token = 'c0000000-0000-4000-8000-00000000000c'
where id = -1;
select results_eq(
  $$ select pipeline.defer_audio(-1, gen_random_uuid(), 30) $$, $$ values ('stale') $$,
  'a wrong token is stale'
);
select results_eq(
  $$ select pipeline.defer_audio(-1, 'c0000000-0000-4000-8000-00000000000c', 30.5) $$,
  $$ values ('queued') $$,
  'a provider''s delay queues the item'
);
select results_eq(
  $$ select audio_status, audio_attempts, audio_available_at, audio_lease_token,
       audio_deferred_seconds, audio_error_code
     from public.analysis_feedback where id = -1 $$,
  $$ values ('queued', 1, '2030-01-01 00:00:30.5+00'::timestamptz, null::uuid, 30.5,
     'provider_rate_limited') $$,
  'for just that long, with the attempt given back'
);
select results_eq(
  $$ select pipeline.defer_audio(-1, 'c0000000-0000-4000-8000-00000000000c', 30) $$,
  $$ values ('stale') $$,
  'deferring twice is stale'
);

update public.analysis_feedback
set audio_status = 'processing', audio_attempts = 2, audio_available_at = '2030-01-01 00:01:00+00',
  audio_lease_token = 'c0000000-0000-4000-8000-00000000000c'
where id = -1;
select results_eq(
  $$ select pipeline.defer_audio(-1, 'c0000000-0000-4000-8000-00000000000c', 7169.5) $$,
  $$ values ('queued') $$,
  'delays add up to the bound'
);
update public.analysis_feedback
set audio_status = 'processing', audio_attempts = 2, audio_available_at = '2030-01-01 00:01:00+00',
  audio_lease_token = 'c0000000-0000-4000-8000-00000000000c'
where id = -1;
select results_eq(
  $$ select pipeline.defer_audio(-1, 'c0000000-0000-4000-8000-00000000000c', 0.1,
       'provider_quota_exceeded') $$,
  $$ values ('failed') $$, 'and no further'
);
select results_eq(
  $$ select audio_status, audio_attempts, audio_available_at, audio_error_code
     from public.analysis_feedback where id = -1 $$,
  $$ values ('failed', 2, null::timestamptz, 'provider_quota_exceeded') $$,
  'the item then fails with the provider''s reason'
);
select throws_ok(
  $$ select pipeline.defer_audio(-1, 'c0000000-0000-4000-8000-00000000000c', -1) $$, 'SL003', null,
  'a negative delay is refused'
);
select throws_ok(
  $$ select pipeline.defer_audio(-1, 'c0000000-0000-4000-8000-00000000000c', 'NaN') $$,
  'SL003', null,
  'a delay is a number'
);

update public.analysis_feedback
set audio_status = 'processing', audio_attempts = 2, audio_available_at = '2030-01-01 00:01:00+00',
  audio_lease_token = 'c0000000-0000-4000-8000-00000000000c', audio_deferred_seconds = 0
where id = -1;
select pipeline.defer_audio(-1, 'c0000000-0000-4000-8000-00000000000c', 0);
select results_eq(
  $$ select audio_deferred_seconds, audio_available_at
     from public.analysis_feedback where id = -1 $$,
  $$ values (1::numeric, '2030-01-01 00:00:01+00'::timestamptz) $$,
  'no wait counts as a second, so that the bound ends every chain of them'
);

select * from finish();
rollback;
