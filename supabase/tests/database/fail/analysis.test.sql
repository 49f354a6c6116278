begin;
select plan(9);

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

update public.analysis_jobs
set status = 'processing', attempts = 1, available_at = '2030-01-01 00:01:00+00',
  lease_token = 'c0000000-0000-4000-8000-00000000000c'
where id = -1;
select results_eq(
  $$ select pipeline.fail_analysis(-1, gen_random_uuid(), 'x', 'x', true) $$,
  $$ values ('stale') $$,
  'a wrong token is stale'
);
select results_eq(
  $$ select status, error_code from public.analysis_jobs where id = -1 $$,
  $$ values ('processing', null::text) $$, 'and changes nothing'
);
select results_eq(
  $$ select pipeline.fail_analysis(-1, 'c0000000-0000-4000-8000-00000000000c',
  'provider_unavailable',
       'The provider did not answer.', true) $$,
  $$ values ('queued') $$, 'an error that may pass queues another attempt'
);
select results_eq(
  $$ select attempts, lease_token, error_code, last_error,
       available_at between '2030-01-01 00:00:01+00' and '2030-01-01 00:00:02+00'
     from public.analysis_jobs where id = -1 $$,
  $$ values (1, null::uuid, 'provider_unavailable', 'The provider did not answer.', true) $$,
  'after half to all of the base delay, with the reason noted'
);
select results_eq(
  $$ select pipeline.fail_analysis(-1, 'c0000000-0000-4000-8000-00000000000c', 'x', 'x', true) $$,
  $$ values ('stale') $$, 'failing twice is stale'
);

update public.analysis_jobs
set status = 'processing', attempts = 2, available_at = '2030-01-01 00:01:00+00',
  lease_token = 'c0000000-0000-4000-8000-00000000000c'
where id = -1;
select results_eq(
  $$ select pipeline.fail_analysis(-1, 'c0000000-0000-4000-8000-00000000000c',
  'provider_blocked', 'Blocked.', false) $$,
  $$ values ('failed') $$,
  'an error that stays fails at once'
);
select results_eq(
  $$ select status, attempts, available_at, error_code
     from public.analysis_jobs where id = -1 $$,
  $$ values ('failed', 2, null::timestamptz, 'provider_blocked') $$, 'for good, with its reason'
);

update public.analysis_jobs
set status = 'processing', attempts = 3, available_at = '2030-01-01 00:01:00+00',
  lease_token = 'c0000000-0000-4000-8000-00000000000c'
where id = -1;
select results_eq(
  $$ select pipeline.fail_analysis(-1, 'c0000000-0000-4000-8000-00000000000c', null,
     repeat('x', 3000), true) $$,
  $$ values ('failed') $$, 'the last attempt fails whatever the error'
);
select results_eq(
  $$ select error_code, length(last_error) from public.analysis_jobs where id = -1 $$,
  $$ values ('internal_error', 2000) $$, 'an error without a code is internal_error, cut to fit'
);

select * from finish();
rollback;
