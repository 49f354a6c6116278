-- What an analysis holds: the owner reads it, nobody but workers writes it.
begin;
select plan(24);

select tests.remark();
insert into public.analysis_metrics (analysis_job_id, metric_key, metric_value)
values (-1, 'motion', 1);
insert into public.analysis_ssml_segments (feedback_id, ssml) values (-1, '<speak>a</speak>');
insert into public.analysis_audio_segments (feedback_id, audio_url, format, duration_ms, provider)
values (-1, 'a.wav', 'wav', 1, 'gemini');

set local role authenticated;
set local request.jwt.claims =
  '{"sub":"a0000000-0000-4000-8000-000000000001","role":"authenticated"}';
select results_eq(
  $$ select id from public.analysis_jobs $$, $$ values (-1::bigint) $$,
  'the owner reads analysis_jobs'
);
select results_eq(
  $$ select metric_key from public.analysis_metrics $$, $$ values ('motion') $$,
  'the owner reads analysis_metrics'
);
select results_eq(
  $$ select id from public.analysis_feedback $$, $$ values (-1::bigint) $$,
  'the owner reads analysis_feedback'
);
select results_eq(
  $$ select ssml::text from public.analysis_ssml_segments $$, $$ values ('<speak>a</speak>') $$,
  'the owner reads analysis_ssml_segments'
);
select results_eq(
  $$ select audio_url from public.analysis_audio_segments $$, $$ values ('a.wav') $$,
  'the owner reads analysis_audio_segments'
);
select throws_ok(call, code, message, what)
from (values
  ('delete from public.analysis_jobs', '42501', null, 'the owner deletes nothing in analysis_jobs'),
  ('delete from public.analysis_metrics', '42501', null,
    'the owner deletes nothing in analysis_metrics'),
  ('delete from public.analysis_feedback', '42501', null,
    'the owner deletes nothing in analysis_feedback'),
  ('delete from public.analysis_ssml_segments', '42501', null,
    'the owner deletes nothing in analysis_ssml_segments'),
  ('delete from public.analysis_audio_segments', '42501', null,
    'the owner deletes nothing in analysis_audio_segments'),
  ($$ update public.analysis_jobs set status = 'queued' $$, '42501', null,
    'the owner cannot set a job''s status'),
  ($$ update public.analysis_feedback set message = 'Mine' $$, '42501', null,
    'the owner cannot put words into a feedback'),
  ($$ insert into public.analysis_jobs (video_recording_id, user_id, coach)
     values (-1, 'a0000000-0000-4000-8000-000000000001', '{}') $$, '42501', null,
    'the owner cannot queue a job by hand')
) as refused (call, code, message, what);

set local request.jwt.claims =
  '{"sub":"b0000000-0000-4000-8000-000000000002","role":"authenticated"}';
select is_empty(query, what)
from (values
  ('select id from public.analysis_jobs', 'a stranger reads nothing in analysis_jobs'),
  ('select metric_key from public.analysis_metrics',
    'a stranger reads nothing in analysis_metrics'),
  ('select id from public.analysis_feedback', 'a stranger reads nothing in analysis_feedback'),
  ('select ssml from public.analysis_ssml_segments',
    'a stranger reads nothing in analysis_ssml_segments'),
  ('select audio_url from public.analysis_audio_segments',
    'a stranger reads nothing in analysis_audio_segments')
) as empty (query, what);

set local role anon;
set local request.jwt.claims = '{"role":"anon"}';
select throws_ok(call, code, message, what)
from (values
  ('select status from public.analysis_jobs', '42501', null,
    'anonymous callers read nothing in analysis_jobs'),
  ('select metric_key from public.analysis_metrics', '42501', null,
    'anonymous callers read nothing in analysis_metrics'),
  ('select message from public.analysis_feedback', '42501', null,
    'anonymous callers read nothing in analysis_feedback')
) as refused (call, code, message, what);
select is_empty(
  $$ select id from public.analysis_jobs union all select id from public.analysis_feedback
     union all select id from public.analysis_ssml_segments
     union all select id from public.analysis_audio_segments $$, 'not even a key'
);
select throws_ok(
  $$ select ssml from public.analysis_ssml_segments $$, '42501', null,
  'anonymous callers read nothing in analysis_ssml_segments'
);
select throws_ok(
  $$ select audio_url from public.analysis_audio_segments $$, '42501', null,
  'anonymous callers read nothing in analysis_audio_segments'
);

reset role;
select * from finish();
rollback;
