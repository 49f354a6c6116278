-- Feedback without a word in it is done when its SSML is: both statuses are final, nothing is queued.
begin;
select plan(6);

select tests.analysis();
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
overriding system value
values (-1, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, '…'),
  (-2, -1, 'a0000000-0000-4000-8000-000000000001', 3, 4, 'motion', 'low', 0.5, 'Hello');
update public.analysis_feedback set ssml_status = 'processing', ssml_attempts = 1 where id < 0;
update pipeline.tasks
set turn = null, attempts = 1, available_at = pipeline.now() + interval '1 minute',
  lease_token = 'c0000000-0000-4000-8000-00000000000c'
where stage = 'ssml' and subject_id < 0;

set local role service_role;
select results_eq(
  $$ select * from pipeline.complete_ssml('[
       {"id": -1, "lease_token": "c0000000-0000-4000-8000-00000000000c",
        "provider": "template", "version": "template-2", "segments": []},
       {"id": -2, "lease_token": "c0000000-0000-4000-8000-00000000000c",
        "provider": "template", "version": "template-2",
        "segments": [{"segment_index": 0, "ssml": "<speak>Hello</speak>"}]}
     ]') $$,
  $$ values (-1::bigint, 'completed'), (-2::bigint, 'completed') $$, 'both are handed in'
);
select results_eq(
  $$ select ssml_status::text, ssml_error_code, audio_status::text, audio_error_code, ssml_last_error
     from public.analysis_feedback where id = -1 $$,
  $$ values ('completed', 'nothing_to_say', 'completed', 'nothing_to_say',
       'There is nothing in this remark that can be spoken.') $$,
  'the one without words is done, and says why it is silent'
);
select results_eq(
  $$ select stage, subject_id from pipeline.tasks where subject_id in (-1, -2) and stage <> 'upload' $$,
  $$ values ('audio', -2::bigint) $$, 'only the other one is spoken'
);
select results_eq(
  $$ select ssml_status::text, audio_status::text, audio_error_code
     from public.analysis_feedback where id = -2 $$,
  $$ values ('completed', 'queued', null::text) $$, 'which is as ever'
);
select is_empty(
  $$ select * from pipeline.violations where id in (-1, -2) and rule <> 'a completed upload has a job' $$,
  'no rule is broken'
);
reset role;
update public.analysis_feedback set message = 'Now there is a word.' where id = -1;
select results_eq(
  $$ select ssml_status::text, ssml_error_code, audio_status::text, audio_error_code
     from public.analysis_feedback where id = -1 $$,
  $$ values ('queued', null::text, 'queued', null::text) $$, 'other words are spoken'
);

select * from finish();
rollback;
