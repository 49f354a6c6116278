-- Changed words are spoken anew.
begin;
select plan(10);

set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.remark();
insert into public.analysis_ssml_segments (feedback_id, ssml) values (-1, '<speak>Hello</speak>');
insert into public.analysis_audio_segments (feedback_id, audio_url, format, duration_ms, provider)
values (-1, 'a.wav', 'wav', 1, 'gemini');
update public.analysis_feedback
set ssml_status = 'failed', ssml_attempts = 3, ssml_error_code = 'x', ssml_last_error = 'x',
  audio_status = 'processing', audio_attempts = 2, audio_error_code = 'y', audio_last_error = 'y'
where id = -1;
update pipeline.tasks
set stage = 'audio', attempts = 2, turn = null, lease_token = gen_random_uuid()
where stage <> 'upload' and subject_id = -1;

update public.analysis_feedback set message = 'Hello', severity = 'high' where id = -1;
select results_eq(
  $$ select ssml_status::text, audio_status::text from public.analysis_feedback where id = -1 $$,
  $$ values ('failed', 'processing') $$,
  'the same words change nothing'
);

update public.analysis_feedback set message = 'Goodbye' where id = -1;
select results_eq(
  $$ select ssml_status::text, ssml_attempts, ssml_error_code, ssml_last_error
     from public.analysis_feedback where id = -1 $$,
  $$ values ('queued', 0, null::text, null::text) $$,
  'SSML begins anew'
);
select results_eq(
  $$ select audio_status::text, audio_attempts, audio_error_code, audio_last_error
     from public.analysis_feedback where id = -1 $$,
  $$ values ('queued', 0, null::text, null::text) $$,
  'audio waits for the new SSML'
);
select results_eq(
  $$ select stage, attempts::int, available_at, lease_token from pipeline.tasks
     where stage <> 'upload' $$,
  $$ values ('ssml', 0, '2030-01-01 00:00:00+00'::timestamptz, null::uuid) $$,
  'SSML is ready, and the worker at the audio has lost its lease'
);
select is_empty(
  $$ select id from public.analysis_ssml_segments where feedback_id = -1 $$, 'the old SSML is gone'
);
select is_empty(
  $$ select id from public.analysis_audio_segments where feedback_id = -1 $$,
  'the old audio is gone'
);

update public.analysis_feedback set ssml_status = 'completed' where id = -1;
delete from pipeline.tasks where stage <> 'upload' and subject_id = -1;
update public.analysis_feedback set message = '' where id = -1;
select results_eq(
  $$ select ssml_status::text from public.analysis_feedback where id = -1 $$, $$ values ('queued') $$,
  'an emptied message is queued'
);
select is_empty($$ select from pipeline.tasks where stage <> 'upload' $$, 'but waits for words');
update public.analysis_feedback set message = 'Again' where id = -1;
select results_eq(
  $$ select stage, turn is not null from pipeline.tasks where stage <> 'upload' $$,
  $$ values ('ssml', true) $$,
  'words for a silent feedback make it ready'
);

update public.analysis_feedback set ssml_status = 'completed' where id = -1;
delete from pipeline.tasks where stage <> 'upload' and subject_id = -1;
update public.analysis_feedback set drill = 'Do it ten times.' where id = -1;
select results_eq(
  $$ select ssml_status::text from public.analysis_feedback where id = -1 $$,
  $$ values ('queued') $$,
  'a changed drill is spoken anew, too'
);

select * from finish();
rollback;
