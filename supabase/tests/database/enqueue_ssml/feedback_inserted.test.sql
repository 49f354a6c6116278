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
set local pipeline.now = '2030-01-01 00:00:00+00';
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message, ssml_available_at)
overriding system value
select v.id, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, v.message, v.at
from (values
  (-1, 'Hello', null::timestamptz),
  (-2, '  ', null),
  (-3, 'Later', '2031-01-01 00:00:00+00')
) as v (id, message, at);

select results_eq(
  $$ select ssml_status, ssml_attempts, ssml_available_at, audio_status, audio_available_at
     from public.analysis_feedback where id = -1 $$,
  $$ values ('queued', 0, '2030-01-01 00:00:00+00'::timestamptz, 'queued', null::timestamptz) $$,
  'feedback with a message is ready for SSML; its audio waits for the SSML'
);
select results_eq(
  $$ select ssml_status, ssml_available_at from public.analysis_feedback where id = -2 $$,
  $$ values ('queued', null::timestamptz) $$,
  'feedback without a message waits for one'
);
select results_eq(
  $$ select ssml_available_at from public.analysis_feedback where id = -3 $$,
  $$ values ('2031-01-01 00:00:00+00'::timestamptz) $$,
  'a time that was asked for is kept'
);

select * from finish();
rollback;
