begin;
select plan(8);

delete from public.video_recordings;
insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com');
set local pipeline.now = '2030-01-01 00:00:00+00';
insert into public.video_recordings (id, user_id, filename, original_filename, storage_path,
  mime_type, file_size, duration_seconds, language)
overriding system value
select i, 'a0000000-0000-4000-8000-000000000001', 'a.mp4', 'My clip.mp4',
  'a0000000-0000-4000-8000-000000000001/' || i || '.mp4', 'video/mp4', 100 + i, 20, 'en-US'
from generate_series(1, 5) as i;
update public.video_recordings set upload_status = 'completed';
update public.analysis_jobs set available_at = available_at - interval '1 minute'
where video_recording_id = 3;
update public.analysis_jobs set available_at = available_at + interval '1 minute'
where video_recording_id = 4;
update public.analysis_jobs set status = 'failed', available_at = null, error_code = 'x'
where video_recording_id = 5;

set local role service_role;
create temp table claimed on commit drop as select * from pipeline.claim_analysis();
select results_eq(
  $$ select video_recording_id from claimed $$, $$ values (1::bigint), (2) $$,
  'a claim takes the stage''s batch, in the order of their turns'
);
select results_eq(
  $$ select attempt, lease_expires_at, user_id, storage_path, mime_type, file_size,
       duration_seconds, original_filename, language, coach ->> 'voice_name'
     from claimed where video_recording_id = 2 $$,
  $$ values (1, '2030-01-01 00:01:00+00'::timestamptz,
     'a0000000-0000-4000-8000-000000000001'::uuid,
     'a0000000-0000-4000-8000-000000000001/2.mp4', 'video/mp4', 102::bigint, 20::numeric,
     'My clip.mp4', 'en-US', 'en-US-Neural2-C') $$,
  'it brings all that the worker needs'
);
select results_eq(
  $$ select j.status, j.attempts, j.available_at = c.lease_expires_at,
       j.lease_token = c.lease_token, j.correlation_id = c.correlation_id
     from public.analysis_jobs as j join claimed as c on c.id = j.id $$,
  $$ values ('processing', 1, true, true, true), ('processing', 1, true, true, true) $$,
  'the rows hold the same lease'
);
select results_eq(
  $$ select count(distinct lease_token) from claimed $$, $$ values (2::bigint) $$,
  'each item has a token of its own'
);

select results_eq(
  $$ select video_recording_id, lease_expires_at from pipeline.claim_analysis(10, 5) $$,
  $$ values (3::bigint, '2030-01-01 00:00:05+00'::timestamptz) $$,
  'a second worker gets neither leased, nor later, nor finished ones; the lease is as asked'
);
select is_empty($$ select id from pipeline.claim_analysis(10) $$, 'then nothing is left');

set local pipeline.now = '2030-01-01 00:00:05+00';
select results_eq(
  $$ select video_recording_id, attempt from pipeline.claim_analysis(10) $$,
  $$ values (3::bigint, 2) $$,
  'an expired lease is claimed again, as the next attempt'
);
set local pipeline.now = '2030-01-01 00:01:00+00';
select results_eq(
  $$ select video_recording_id, attempt from pipeline.claim_analysis(10) $$,
  $$ values (1::bigint, 2), (2, 2), (4, 1) $$,
  'and what was to wait is ready in its time'
);

reset role;
select * from finish();
rollback;
