-- The owner of a failed feedback queues its stage anew; nobody else does, and nothing else.
begin;
select plan(13);

set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.remark();
insert into public.analysis_ssml_segments (feedback_id, ssml) values (-1, '<speak>a</speak>');
update public.analysis_feedback
set ssml_status = 'completed', audio_status = 'failed', audio_attempts = 3,
  audio_error_code = 'audio_silent', audio_last_error = 'Silence.'
where id = -1;
delete from pipeline.tasks where stage <> 'upload';

select tests.act_as('stranger');
select throws_ok(
  $$ select public.retry_feedback(-1, 'audio') $$, 'PT404', 'feedback -1 not found',
  'to a stranger it does not exist'
);
select tests.act_as('owner');
select throws_ok(call, code, message, what)
from (values
  ($$ select public.retry_feedback(-99, 'audio') $$, 'PT404', null,
    'what is not there is not found'),
  ($$ select public.retry_feedback(-1, 'analysis') $$, 'SL002', null,
    'an unknown stage is refused'),
  ('select public.retry_feedback(-1, null)', 'SL002', null, 'no stage is refused'),
  ($$ select public.retry_feedback(-1, 'ssml') $$, 'SL001', 'ssml of feedback -1 has not failed',
    'what has not failed is not retried')
) as refused (call, code, message, what);
select results_eq(
  $$ select public.retry_feedback(-1, 'audio') $$, $$ values ('queued') $$,
  'the owner queues failed audio'
);
reset role;
select results_eq(
  $$ select f.audio_status::text, f.audio_attempts, t.stage, t.turn is not null, f.audio_error_code,
       f.audio_last_error
     from public.analysis_feedback as f join pipeline.tasks as t on t.subject_id = f.id
     where f.id = -1 and t.stage <> 'upload' $$,
  $$ values ('queued', 0, 'audio', true, null::text, null::text) $$,
  'with all attempts, ready now'
);
set local role authenticated;
select throws_ok($$ select public.retry_feedback(-1, 'audio') $$, 'SL001', null, 'once');

reset role;
update public.analysis_feedback
set ssml_status = 'failed', ssml_attempts = 3, ssml_error_code = 'ssml_invalid' where id = -1;
delete from pipeline.tasks where stage <> 'upload';
set local role authenticated;
select results_eq(
  $$ select public.retry_feedback(-1, 'ssml') $$, $$ values ('queued') $$,
  'the owner queues failed SSML'
);
reset role;
select results_eq(
  $$ select f.ssml_status::text, f.ssml_attempts, t.stage, t.turn is not null, f.ssml_error_code
     from public.analysis_feedback as f join pipeline.tasks as t on t.subject_id = f.id
     where f.id = -1 and t.stage <> 'upload' $$,
  $$ values ('queued', 0, 'ssml', true, null::text) $$,
  'with all attempts, ready now'
);

reset role;
update public.analysis_feedback
set audio_status = 'failed', audio_error_code = 'x' where id = -1;
delete from public.analysis_ssml_segments where feedback_id = -1;
set local role service_role;
select results_eq(
  $$ select pipeline.requeue_feedback(-1, 'audio') $$, $$ values ('queued') $$,
  'an operator queues anybody''s'
);
select results_eq(
  $$ select audio_status::text, not exists (select from pipeline.tasks where stage = 'audio')
     from public.analysis_feedback where id = -1 $$,
  $$ values ('queued', true) $$, 'audio without SSML waits for it'
);
select throws_ok(
  $$ select pipeline.requeue_feedback(-1, 'audio') $$, 'SL001', null, 'but only what has failed'
);

reset role;
select * from finish();
rollback;
