begin;
select plan(6);

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
set status = 'processing', attempts = 3, available_at = '2030-01-01 00:00:00.001+00',
  lease_token = 'c0000000-0000-4000-8000-00000000000c'
where id = -1;
select results_eq(
  $$ select swept from pipeline.sweep() where stage = 'analysis' $$, $$ values (0) $$,
  'a lease that runs is left alone'
);
set local pipeline.now = '2030-01-01 00:00:01+00';
update public.analysis_jobs set attempts = 2 where id = -1;
select results_eq(
  $$ select swept from pipeline.sweep() where stage = 'analysis' $$, $$ values (0) $$,
  'an expired lease with attempts left is left to the next claim'
);
update public.analysis_jobs set attempts = 3 where id = -1;
select results_eq(
  $$ select stage, swept from pipeline.sweep() where swept > 0 $$, $$ values ('analysis', 1) $$,
  'an expired lease without attempts left is swept'
);
select results_eq(
  $$ select status, available_at, lease_token, error_code, last_error
     from public.analysis_jobs where id = -1 $$,
  $$ values ('failed', null::timestamptz, null::uuid, 'lease_expired',
     'The worker vanished in each of 3 attempts.') $$,
  'the item fails as lease_expired'
);

update public.analysis_jobs
set status = 'processing', attempts = 3, available_at = '2030-01-01 00:00:00+00',
  lease_token = 'c0000000-0000-4000-8000-00000000000c'
where id = -1;
select is_empty(
  $$ select id from pipeline.claim_analysis(10) where id = -1 $$,
  'a claim does not hand it out again'
);
select results_eq(
  $$ select status, error_code from public.analysis_jobs where id = -1 $$,
  $$ values ('failed', 'lease_expired') $$, 'but sweeps it, so that no scheduler is needed'
);

select * from finish();
rollback;
