begin;
select plan(9);

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
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
overriding system value
values (-1, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, 'Hello');
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
overriding system value
values (-2, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, '');
update public.analysis_feedback set drill = 'Ten times.' where id = -1;

set local role service_role;
create temp table ssml on commit drop as select * from pipeline.claim_ssml(10);
select results_eq(
  $$ select id, attempt, lease_expires_at, user_id, analysis_job_id, message, drill, language,
       coach
     from ssml $$,
  $$ values (-1::bigint, 1, '2030-01-01 00:01:00+00'::timestamptz,
     'a0000000-0000-4000-8000-000000000001'::uuid, -1::bigint, 'Hello', 'Ten times.', 'en-US',
     '{"style":"calm"}'::jsonb) $$,
  'SSML is claimed where there are words, with all that the worker needs'
);
select results_eq(
  $$ select f.ssml_status, f.ssml_attempts, f.ssml_lease_token = s.lease_token,
       f.ssml_available_at, j.correlation_id = s.correlation_id
     from ssml as s
     join public.analysis_feedback as f on f.id = s.id
     join public.analysis_jobs as j on j.id = s.analysis_job_id $$,
  $$ values ('processing', 1, true, '2030-01-01 00:01:00+00'::timestamptz, true) $$,
  'the row holds the same lease'
);
select is_empty($$ select id from pipeline.claim_ssml(10) $$, 'a leased one is not claimed again');
select is_empty($$ select id from pipeline.claim_audio(10) $$, 'without SSML there is no audio');

insert into public.analysis_ssml_segments (feedback_id, segment_index, ssml) values
  (-1, 1, '<speak>b</speak>'), (-1, 0, '<speak>a</speak>');
create temp table audio on commit drop as select * from pipeline.claim_audio(10, 20);
select results_eq(
  $$ select id, attempt, lease_expires_at, user_id, analysis_job_id, language, coach, segments
     from audio $$,
  $$ values (-1::bigint, 1, '2030-01-01 00:00:20+00'::timestamptz,
     'a0000000-0000-4000-8000-000000000001'::uuid, -1::bigint, 'en-US', '{"style":"calm"}'::jsonb,
     '[{"segment_index":0,"ssml":"<speak>a</speak>"},
       {"segment_index":1,"ssml":"<speak>b</speak>"}]'::jsonb) $$,
  'audio is claimed with its segments in order'
);
select is_empty($$ select id from pipeline.claim_audio(10) $$, 'leased audio is not claimed again');
set local pipeline.now = '2030-01-01 00:01:00+00';
select results_eq(
  $$ select c.id, c.attempt, c.lease_token <> a.lease_token
     from pipeline.claim_audio() as c join audio as a on a.id = c.id $$,
  $$ values (-1::bigint, 2, true) $$,
  'an expired lease of audio is claimed again, under a new token'
);
select results_eq(
  $$ select c.id, c.attempt, c.lease_token <> s.lease_token
     from pipeline.claim_ssml() as c join ssml as s on s.id = c.id $$,
  $$ values (-1::bigint, 2, true) $$,
  'an expired lease of SSML is claimed again, under a new token'
);
select results_eq(
  $$ select f.audio_lease_token = a.lease_token from public.analysis_feedback as f
     join audio as a on a.id = f.id $$,
  $$ values (false) $$, 'the token of the lost lease is worth nothing'
);

reset role;
select * from finish();
rollback;
