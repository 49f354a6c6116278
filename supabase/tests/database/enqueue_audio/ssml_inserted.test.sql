-- New SSML queues its audio, by the trigger alone.
begin;
select plan(3);

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
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
overriding system value
values (-2, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, 'Two'),
  (-3, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, 'Three');
set local pipeline.now = '2030-01-01 00:00:00+00';

insert into public.analysis_ssml_segments (feedback_id, segment_index, ssml) values
  (-1, 0, '<speak>a</speak>'), (-1, 1, '<speak>b</speak>'), (-2, 0, '<speak>c</speak>');
select results_eq(
  $$ select id, audio_status, audio_available_at from public.analysis_feedback
     where id in (-1, -2, -3) order by id desc $$,
  $$ values
     (-1::bigint, 'queued', '2030-01-01 00:00:00+00'::timestamptz),
     (-2, 'queued', '2030-01-01 00:00:00+00'),
     (-3, 'queued', null) $$,
  'each feedback that got segments is ready to be spoken, no other is'
);

update public.analysis_feedback
set audio_status = 'processing', audio_lease_token = gen_random_uuid(), audio_attempts = 2
where id = -1;
update public.analysis_feedback
set audio_status = 'failed', audio_available_at = null, audio_error_code = 'x', audio_attempts = 3
where id = -2;
insert into public.analysis_ssml_segments (feedback_id, segment_index, ssml) values
  (-1, 2, '<speak>d</speak>'), (-2, 1, '<speak>e</speak>');
select results_eq(
  $$ select audio_status, audio_attempts, audio_lease_token from public.analysis_feedback
     where id = -1 $$,
  $$ values ('queued', 0, null::uuid) $$,
  'audio under way begins anew with the further segment'
);
select results_eq(
  $$ select audio_status, audio_attempts, audio_error_code from public.analysis_feedback
     where id = -2 $$,
  $$ values ('queued', 0, null::text) $$,
  'failed audio begins anew with the further segment'
);

select * from finish();
rollback;
