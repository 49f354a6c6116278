-- An object is asked to be erased in the transaction in which the last row that names it goes.
begin;
select plan(19);

select tests.people();
delete from pipeline.erasures;
set local pipeline.now = '2030-01-01 00:00:00+00';
insert into public.video_recordings (id, user_id, filename, storage_path)
overriding system value
select -i, u.id, 'a.mp4', u.id || '/' || i || '.mp4'
from generate_series(1, 3) as i
join auth.users as u on u.email = case i when 3 then 'stranger' else 'owner' end || '@example.com';
insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status)
overriding system value
select v.id, v.id, v.user_id, '{"style":"calm"}', 'completed'
from public.video_recordings as v where v.id < 0;
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message, ssml_status, audio_status)
overriding system value
select j.id, j.id, j.user_id, 1, 2, 'motion', 'low', 0.5, 'Hello', 'completed', 'completed'
from public.analysis_jobs as j where j.id < 0;
insert into public.analysis_ssml_segments (feedback_id, ssml)
select f.id, '<speak>a</speak>' from public.analysis_feedback as f where f.id < 0;
insert into public.analysis_audio_segments
  (feedback_id, audio_url, captions_url, format, duration_ms, provider)
select f.id, f.user_id || '/s' || -f.id || '.wav', f.user_id || '/s' || -f.id || '.vtt', 'wav', 1,
  'sample'
from public.analysis_feedback as f where f.id < 0;
select set_config('storage.allow_delete_query', 'true', true);
delete from storage.objects;
insert into storage.objects (bucket_id, name, created_at, updated_at)
select n.bucket, n.path, '2029-12-31', '2029-12-31' from (
  select 'raw' as bucket, v.storage_path as path from public.video_recordings as v where v.id < 0
  union all
  select 'processed', s.audio_url from public.analysis_audio_segments as s where s.feedback_id < 0
  union all
  select 'processed', s.captions_url from public.analysis_audio_segments as s
  where s.feedback_id < 0
  union all
  select 'raw', 'b0000000-0000-4000-8000-000000000002/unnamed.mp4'
) as n;
-- What is asked, with the owner as a letter.
create temp view asked as
select e.bucket, left(e.path, 1) || substr(e.path, 37) as path, e.reason, e.status::text
from pipeline.erasures as e;

select tests.act_as('owner');
select results_eq(
  'select objects, failed from public.erasures_left()', 'values (0::bigint, 0::bigint)',
  'an owner who deleted nothing has nothing left'
);
select throws_ok(
  'select public.delete_audio(-3)', 'PT404', null, 'nobody deletes another''s audio'
);
select lives_ok('select public.delete_audio(-1)', 'the owner deletes a remark''s audio');
select throws_ok(
  'delete from public.analysis_audio_segments', '42501', null,
  'but not rows that the machine counts on'
);
select is_empty(
  'select from public.analysis_audio_segments where feedback_id = -1', 'the audio''s rows are gone'
);
select results_eq(
  'select audio_status::text, audio_error_code from public.analysis_feedback where id = -1',
  $$ values ('completed', 'audio_deleted') $$, 'and the remark says why it is silent'
);
select results_eq(
  'select objects, failed, since from public.erasures_left()',
  $$ values (2::bigint, 0::bigint, '2030-01-01 00:00:00+00'::timestamptz) $$,
  'the owner is told what is left to be erased'
);
reset role;
select is_empty('select * from pipeline.violations', 'no rule is broken');
select set_eq(
  'select * from asked',
  $$ values ('processed', 'a/s1.wav', 'row_deleted', 'queued'),
     ('processed', 'a/s1.vtt', 'row_deleted', 'queued') $$,
  'its sound and captions are asked for, and nothing else'
);

set local role authenticated;
delete from public.video_recordings where id in (-2, -3);
select results_eq(
  'select id from public.deleted_recordings', 'values (-2::bigint)',
  'of a deleted recording its owner is told'
);
reset role;
select set_eq(
  'select * from asked where path not like ''%s1%''',
  $$ values ('raw', 'a/2.mp4', 'row_deleted', 'queued'),
     ('processed', 'a/s2.wav', 'row_deleted', 'queued'),
     ('processed', 'a/s2.vtt', 'row_deleted', 'queued') $$,
  'with a recording go its video and all that was made of it'
);

select tests.act_as('stranger');
select lives_ok('select public.delete_account()', 'an owner deletes their account');
select throws_ok('select public.delete_account()', 'PT404', null, 'once');
reset role;
select set_eq(
  'select * from asked where path like ''b%''',
  $$ values ('raw', 'b/3.mp4', 'account_deleted', 'queued'),
     ('raw', 'b/unnamed.mp4', 'account_deleted', 'queued'),
     ('processed', 'b/s3.wav', 'account_deleted', 'queued'),
     ('processed', 'b/s3.vtt', 'account_deleted', 'queued') $$,
  'with an account goes all that is in its folders, named or not'
);
select is_empty(
  $$ select from public.deleted_recordings
     where user_id = 'b0000000-0000-4000-8000-000000000002' $$,
  'and nobody is told'
);

-- The rest of the folder is what the search finds.
insert into storage.objects (bucket_id, name, created_at, updated_at) values
  ('raw', 'a0000000-0000-4000-8000-000000000001/late.mp4', '2029-12-30 23:59Z', '2029-12-30 23:59Z'),
  ('raw', 'a0000000-0000-4000-8000-000000000001/new.mp4', '2029-12-31 00:01Z', '2029-12-31 00:01Z'),
  ('raw', 'b0000000-0000-4000-8000-000000000002/new.mp4', '2030-01-01', '2030-01-01');
select is(pipeline.find_forgotten_objects(), 2, 'objects that no row ever named are found');
select set_eq(
  'select * from asked where reason = ''never_named'' or path = ''b/new.mp4''',
  $$ values ('raw', 'a/late.mp4', 'never_named', 'queued'),
     ('raw', 'b/new.mp4', 'account_deleted', 'queued') $$,
  'a day after they were stored, or at once where the account is gone'
);
insert into pipeline.tasks (stage, subject_id, user_id, available_at, progress)
values ('analysis', -1, 'a0000000-0000-4000-8000-000000000001', now(),
  '{"file": {"name": "files/abc-1"}, "version": null}');
delete from public.video_recordings where id = -1;
select results_eq(
  $$ select path, user_id from pipeline.erasures where bucket = 'gemini-files' $$,
  $$ values ('files/abc-1', 'a0000000-0000-4000-8000-000000000001'::uuid) $$,
  'the provider''s copy of a video whose analysis waits goes with the recording'
);
select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
