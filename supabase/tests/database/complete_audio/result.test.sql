-- Audio is handed in whole, once, by the holder of the lease, a piece for each SSML segment.
begin;
select plan(13);

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
insert into public.analysis_ssml_segments (feedback_id, segment_index, ssml) values
  (-1, 0, '<speak>a</speak>'), (-1, 1, '<speak>b</speak>');
update public.analysis_feedback
set ssml_status = 'completed', audio_status = 'processing', audio_attempts = 1,
  audio_error_code = 'x'
where id = -1;
update pipeline.tasks
set stage = 'audio', turn = null, attempts = 1, available_at = '2030-01-01 00:01:00+00',
  lease_token = 'c0000000-0000-4000-8000-00000000000c'
where stage = 'ssml' and subject_id = -1;
create temp table result (item jsonb) on commit drop;
grant select on result to service_role;
insert into result values ('{
  "id": -1, "lease_token": "c0000000-0000-4000-8000-00000000000c",
  "provider": "google-cloud-tts", "version": "en-US-Neural2-C",
  "segments": [
    {"segment_index": 1, "audio_url": "a/1.wav", "format": "wav", "duration_ms": 700},
    {"segment_index": 0, "audio_url": "a/0.wav", "format": "wav", "duration_ms": 600}
  ]
}');

set local role service_role;
select results_eq(
  $$ select c.* from result, pipeline.complete_audio(jsonb_build_array(
       item || '{"lease_token": "d0000000-0000-4000-8000-00000000000d"}')) as c $$,
  $$ values (-1::bigint, 'stale') $$, 'a wrong token is stale'
);
select is_empty(
  $$ select id from public.analysis_audio_segments where feedback_id = -1 $$, 'and writes nothing'
);
select throws_ok(
  $$ select pipeline.complete_audio(jsonb_build_array(item #- '{segments,0}')) from result $$,
  'SL004', 'feedback -1: its audio and SSML segments differ', 'a missing piece is refused'
);
select throws_ok(
  $$ select pipeline.complete_audio(jsonb_build_array(jsonb_set(
       item, '{segments,0,segment_index}', '2'))) from result $$,
  'SL004', 'feedback -1: its audio and SSML segments differ', 'a piece of nothing is refused'
);
select throws_ok(
  $$ select pipeline.complete_audio(jsonb_build_array(jsonb_set(
       item, '{segments,0,duration_ms}', '0'))) from result $$,
  'SL004', null, 'audio lasts'
);
select throws_ok(
  $$ select pipeline.complete_audio(jsonb_build_array(jsonb_set(
       item, '{segments,0,format}', '"flac"'))) from result $$,
  'SL004', null, 'an unknown format is refused'
);
select results_eq(
  $$ select audio_status::text from public.analysis_feedback where id = -1 $$,
  $$ values ('processing') $$, 'what was refused changed nothing'
);
select results_eq(
  $$ select c.* from result, pipeline.complete_audio(jsonb_build_array(item)) as c $$,
  $$ values (-1::bigint, 'completed') $$, 'the lease''s holder completes it'
);
select results_eq(
  $$ select audio_status::text, audio_error_code from public.analysis_feedback where id = -1 $$,
  $$ values ('completed', null::text) $$, 'audio is completed'
);
select is_empty('select from pipeline.tasks where stage <> ''upload''', 'and out of the queue');
select results_eq(
  $$ select segment_index, audio_url, format, duration_ms, provider::text, version::text
     from public.analysis_audio_segments where feedback_id = -1 order by segment_index $$,
  $$ values (0, 'a/0.wav', 'wav', 600, 'google-cloud-tts', 'en-US-Neural2-C'),
     (1, 'a/1.wav', 'wav', 700, 'google-cloud-tts', 'en-US-Neural2-C') $$,
  'its segments are written'
);
select results_eq(
  $$ select c.* from result, pipeline.complete_audio(jsonb_build_array(item)) as c $$,
  $$ values (-1::bigint, 'stale') $$, 'handing in again is stale'
);
select is_empty('select * from pipeline.violations', 'and no rule is broken');

reset role;
select * from finish();
rollback;
