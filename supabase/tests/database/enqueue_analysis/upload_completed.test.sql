-- A completed upload queues the analysis, by the trigger alone and once.
begin;
select plan(12);

insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com');
insert into public.video_recordings (id, user_id, filename, storage_path)
overriding system value
values (-1, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/a.mp4');
select is_empty(
  $$ select id from public.analysis_jobs where video_recording_id = -1 $$,
  'a pending upload queues nothing'
);
update public.video_recordings set upload_status = 'uploading' where id = -1;
select is_empty(
  $$ select id from public.analysis_jobs where video_recording_id = -1 $$,
  'an upload under way queues nothing'
);

-- Without a unique constraint on video_recording_id the trigger's upsert fails with "there is no
-- unique or exclusion constraint matching the ON CONFLICT specification" (42P10), and with it every
-- update that completes an upload.
select col_is_unique(
  'public', 'analysis_jobs', 'video_recording_id', 'a recording has at most one job'
);
set local pipeline.now = '2030-01-01 00:00:00+00';
set local role authenticated;
set local request.jwt.claims =
  '{"sub":"a0000000-0000-4000-8000-000000000001","role":"authenticated"}';
select lives_ok(
  $$ update public.video_recordings set upload_status = 'completed' where id = -1 $$,
  'the owner''s update to completed matches the ON CONFLICT specification'
);
reset role;
select results_eq(
  $$ select user_id, status, attempts, available_at, error_code, coach
     from public.analysis_jobs where video_recording_id = -1 $$,
  $$ values ('a0000000-0000-4000-8000-000000000001'::uuid, 'queued', 0,
     '2030-01-01 00:00:00+00'::timestamptz, null::text,
     '{"pitch": 0, "style": "clear", "voice_name": "en-US-Neural2-C", "language_code": "en-US",
       "speaking_rate": 1.0}'::jsonb) $$,
  'the job is ready now, with the language''s default voice'
);

update public.video_recordings set upload_status = 'completed' where id = -1;
select lives_ok(
  $$ update public.video_recordings set upload_status = 'uploading' where id = -1;
     update public.video_recordings set upload_status = 'completed' where id = -1 $$,
  'completing again does not fail'
);
select results_eq(
  $$ select count(*) from public.analysis_jobs where video_recording_id = -1 $$,
  $$ values (1::bigint) $$, 'completing again makes no second job'
);
update public.analysis_jobs set status = 'completed', available_at = null
where video_recording_id = -1;
update public.video_recordings set upload_status = 'uploading' where id = -1;
update public.video_recordings set upload_status = 'completed' where id = -1;
select results_eq(
  $$ select status from public.analysis_jobs where video_recording_id = -1 $$,
  $$ values ('completed') $$, 'completing again does not restart a finished analysis'
);
update public.analysis_jobs set status = 'failed', error_code = 'video_unreadable', attempts = 1
where video_recording_id = -1;
update public.video_recordings set upload_status = 'uploading' where id = -1;
update public.video_recordings set upload_status = 'completed' where id = -1;
select results_eq(
  $$ select status, error_code from public.analysis_jobs where video_recording_id = -1 $$,
  $$ values ('failed', 'video_unreadable') $$, 'nor one that failed by itself'
);

insert into public.video_recordings (user_id, filename, storage_path, upload_status, language)
select 'a0000000-0000-4000-8000-000000000001', 'c.mp4',
  'a0000000-0000-4000-8000-000000000001/' || i || '.mp4', 'completed', 'de-AT'
from generate_series(1, 3) as i;
select results_eq(
  $$ select coach ->> 'voice_name' from public.analysis_jobs where video_recording_id > 0
     and user_id = 'a0000000-0000-4000-8000-000000000001' $$,
  $$ values ('de-DE-Neural2-C'), ('de-DE-Neural2-C'), ('de-DE-Neural2-C') $$,
  'recordings inserted as completed are all queued, with a voice of a near language'
);

insert into public.voice_preferences (user_id, coach_voice_id)
select 'a0000000-0000-4000-8000-000000000001', id from public.coach_voices where name = 'Sam';
insert into public.video_recordings (id, user_id, filename, storage_path, upload_status, language)
overriding system value values
  (-2, 'a0000000-0000-4000-8000-000000000001', 'd.mp4',
    'a0000000-0000-4000-8000-000000000001/d.mp4', 'completed', 'xx');
select results_eq(
  $$ select coach ->> 'style' from public.analysis_jobs where video_recording_id = -2 $$,
  $$ values ('energetic') $$, 'the owner''s voice comes before the language''s'
);
delete from public.voice_preferences;
select results_eq(
  $$ select pipeline.coach_for('a0000000-0000-4000-8000-000000000001', 'xx') ->> 'language_code' $$,
  $$ values ('en-US') $$, 'a language without a voice is spoken in American English'
);

select * from finish();
rollback;
