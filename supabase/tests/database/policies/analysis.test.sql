-- What an analysis holds: the owner reads it, others do not. Who may not write is told beside.
begin;
select plan(16);

select tests.remark();
insert into public.analysis_metrics (analysis_job_id, metric_key, metric_value)
values (-1, 'motion', 1);
insert into public.analysis_ssml_segments (feedback_id, ssml) values (-1, '<speak>a</speak>');
insert into public.analysis_audio_segments (feedback_id, audio_url, format, duration_ms, provider)
values (-1, 'a.wav', 'wav', 1, 'gemini');
create temp table places on commit drop as
select format('select %s::text from public.%s', p.col, p.name) as query, p.name, p.value
from (values
  ('analysis_jobs', 'status', 'completed'),
  ('analysis_metrics', 'metric_key', 'motion'),
  ('analysis_feedback', 'message', 'Hello'),
  ('analysis_ssml_segments', 'ssml', '<speak>a</speak>'),
  ('analysis_audio_segments', 'audio_url', 'a.wav')
) as p (name, col, value);
grant select on places to authenticated, anon;

select tests.act_as('owner');
select results_eq(p.query, array[p.value], 'the owner reads ' || p.name) from places as p;

select tests.act_as('stranger');
select is_empty(p.query, 'a stranger reads nothing in ' || p.name) from places as p;

select tests.act_as('anon');
select throws_ok(p.query, '42501', null, 'anonymous callers read nothing in ' || p.name)
from places as p;
select is_empty(
  $$ select id from public.analysis_jobs union all select id from public.analysis_feedback
     union all select id from public.analysis_ssml_segments
     union all select id from public.analysis_audio_segments $$, 'not even a key'
);

reset role;
select * from finish();
rollback;
