-- Deleting a recording takes all that came from it, also from under a worker.
begin;
select plan(9);

select tests.remark();
insert into public.analysis_metrics (analysis_job_id, metric_key, metric_value)
values (-1, 'motion', 1);
insert into public.analysis_ssml_segments (feedback_id, ssml) values (-1, '<speak>a</speak>');
insert into public.analysis_audio_segments (feedback_id, audio_url, format, duration_ms, provider)
values (-1, 'a.wav', 'wav', 1, 'gemini');
update public.analysis_feedback set ssml_status = 'processing', ssml_attempts = 1 where id = -1;
update pipeline.tasks
set turn = null, attempts = 1, lease_token = 'c0000000-0000-4000-8000-00000000000c'
where stage = 'ssml' and subject_id = -1;
insert into pipeline.tasks (stage, subject_id, user_id, turn, available_at)
select s.stage, -1, 'a0000000-0000-4000-8000-000000000001', 1, now()
from unnest(array['analysis', 'audio']) as s (stage);

delete from public.video_recordings where id = -1;

select is_empty(query, what)
from (values
  ('select id from public.analysis_jobs where id = -1', 'the job is gone'),
  ('select id from public.analysis_metrics where analysis_job_id = -1', 'metrics are gone'),
  ('select id from public.analysis_feedback where id = -1', 'feedback is gone'),
  ('select id from public.analysis_ssml_segments where feedback_id = -1', 'SSML is gone'),
  ('select id from public.analysis_audio_segments where feedback_id = -1', 'audio is gone'),
  ('select * from pipeline.tasks where subject_id = -1', 'and so is all of it in the queue')
) as empty (query, what);
select results_eq(
  $$ select outcome from pipeline.complete_ssml('[{"id": -1,
       "lease_token": "c0000000-0000-4000-8000-00000000000c", "provider": "gemini",
       "version": "v", "segments": [{"segment_index": 0, "ssml": "<speak>a</speak>"}]}]') $$,
  $$ values ('stale') $$, 'the worker''s result is stale'
);
select results_eq(
  $$ select pipeline.fail('ssml', -1, 'c0000000-0000-4000-8000-00000000000c', 'x', 'x', true) $$,
  $$ values ('stale') $$, 'its failure, too'
);
select results_eq(
  $$ select pipeline.extend('ssml', -1, 'c0000000-0000-4000-8000-00000000000c') $$,
  $$ values (null::timestamptz) $$, 'and its lease is not extended'
);

select * from finish();
rollback;
