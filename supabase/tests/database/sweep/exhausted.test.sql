-- No item is claimed more often than allowed, however many died at once.
begin;
select plan(4);

delete from public.video_recordings;
insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com');
insert into public.video_recordings (id, user_id, filename, storage_path)
overriding system value
values (-1, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/a.mp4');
insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status)
overriding system value
values (-1, -1, 'a0000000-0000-4000-8000-000000000001', '{}', 'completed');
set local pipeline.now = '2030-01-01 00:00:00+00';
insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
select -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, 'Hello'
from generate_series(1, 1500);
update public.analysis_feedback
set ssml_status = 'processing', ssml_attempts = 3, ssml_turn = null,
  ssml_lease_token = gen_random_uuid(), ssml_available_at = pipeline.now() - interval '1 second';

select is_empty(
  'select id from pipeline.claim_ssml(1000)',
  'fifteen hundred items that died on their last attempt are not claimed again'
);
select pipeline.sweep();
select results_eq(
  'select ssml_status, ssml_error_code, count(*) from public.analysis_feedback group by 1, 2',
  $$ values ('failed', 'lease_expired', 1500::bigint) $$, 'they fail'
);

-- The maximum is lowered while an item has its turn.
update public.analysis_feedback set ssml_status = 'queued', ssml_attempts = 1, ssml_turn = 1,
  ssml_available_at = pipeline.now(), ssml_error_code = 'reply_invalid'
where id = (select min(id) from public.analysis_feedback);
update pipeline.stages set max_attempts = 1 where stage = 'ssml';
select is_empty('select id from pipeline.claim_ssml(10)', 'a lowered maximum holds at once');
select results_eq(
  $$ select ssml_status, ssml_error_code from public.analysis_feedback
     where id = (select min(id) from public.analysis_feedback) $$,
  $$ values ('failed', 'reply_invalid') $$, 'for what it failed last'
);

select * from finish();
rollback;
