-- A failed upload leaves a failed job that says why; a later success queues it.
begin;
select plan(7);

insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com');
insert into public.video_recordings (id, user_id, filename, storage_path)
overriding system value
select -i, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/' || i || '.mp4'
from generate_series(1, 3) as i;

update public.video_recordings
set upload_status = 'failed', error_code = 'file_too_large', last_error = 'The file is too large.'
where id = -1;
select results_eq(
  $$ select status, error_code, last_error, available_at
     from public.analysis_jobs where video_recording_id = -1 $$,
  $$ values ('failed', 'file_too_large', 'The file is too large.', null::timestamptz) $$,
  'the job fails with the upload''s reason'
);
update public.video_recordings set upload_status = 'failed' where id = -2;
select results_eq(
  $$ select status, error_code, last_error from public.analysis_jobs
     where video_recording_id = -2 $$,
  $$ values ('failed', 'upload_failed', 'The upload failed.') $$,
  'without a reason it is upload_failed'
);

update public.video_recordings set upload_status = 'completed' where id = -1;
select results_eq(
  $$ select status, error_code, available_at is not null
     from public.analysis_jobs where video_recording_id = -1 $$,
  $$ values ('queued', null::text, true) $$,
  'an upload that succeeds later queues the same job'
);

update public.video_recordings set upload_status = 'completed' where id = -3;
update public.analysis_jobs set status = 'processing', lease_token = gen_random_uuid()
where video_recording_id = -3;
update public.video_recordings set upload_status = 'failed' where id = -3;
select results_eq(
  $$ select status, lease_token, error_code from public.analysis_jobs
     where video_recording_id = -3 $$,
  $$ values ('failed', null::uuid, 'upload_failed') $$,
  'a worker loses its lease when the upload turns out to have failed'
);

update public.analysis_jobs
set status = 'processing', attempts = 1, available_at = pipeline.now(),
  lease_token = gen_random_uuid()
where video_recording_id = -3;
update public.video_recordings set upload_status = 'uploading' where id = -3;
update public.video_recordings set upload_status = 'failed' where id = -3;
update public.video_recordings set upload_status = 'completed' where id = -3;
select results_eq(
  $$ select status, attempts from public.analysis_jobs where video_recording_id = -3 $$,
  $$ values ('failed', 1) $$,
  'an analysis that was begun is not begun again by toggling the upload''s status'
);
update public.analysis_jobs set status = 'completed', error_code = null
where video_recording_id = -3;
update public.video_recordings set upload_status = 'uploading' where id = -3;
update public.video_recordings set upload_status = 'failed' where id = -3;
select results_eq(
  $$ select status from public.analysis_jobs where video_recording_id = -3 $$,
  $$ values ('completed') $$,
  'a finished analysis stays finished'
);
update public.video_recordings set upload_status = 'failed', error_code = 'mime_type_not_allowed'
where id in (-1, -2);
select results_eq(
  $$ select video_recording_id, status, error_code from public.analysis_jobs
     where video_recording_id in (-1, -2) order by 1 $$,
  $$ values (-2::bigint, 'failed', 'upload_failed'), (-1, 'failed', 'mime_type_not_allowed') $$,
  'only a changed upload_status is acted upon, for each row of a statement'
);

select * from finish();
rollback;
