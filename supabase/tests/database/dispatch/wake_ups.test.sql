-- Functions are called where work is ready that nobody is about to take, and else never.
begin;
select plan(18);

delete from public.video_recordings;
delete from vault.secrets where name in ('sideline_project_url', 'sideline_secret_key');
set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.analysis();
update pipeline.stage_clocks set woken_at = '-infinity';
create temp view calls as
select q.id, q.url, q.headers, convert_from(q.body, 'UTF8')::jsonb as body
from net.http_request_queue as q
where q.url like 'https://project.example/%';

select results_eq(
  $$ select * from pipeline.dispatch() where stage in ('analysis', 'ssml', 'audio') $$,
  $$ values ('analysis', 0, false), ('ssml', 0, false), ('audio', 0, false) $$,
  'when idle there is nothing to call'
);
select results_eq(
  $$ select distinct woken_at from pipeline.stage_clocks $$,
  $$ values ('-infinity'::timestamptz) $$, 'and nothing is written'
);

insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
overriding system value
values (-1, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, 'Hello');
select results_eq(
  $$ select * from pipeline.dispatch() where ready > 0 $$, $$ values ('ssml', 1, false) $$,
  'without secrets nothing can be called'
);
select results_eq(
  $$ select outcome from pipeline.stage_clocks where stage = 'ssml' $$,
  $$ values ('the vault needs sideline_project_url and sideline_secret_key') $$,
  'and the stage says what is missing'
);
select is_empty('select * from calls', 'indeed nothing was called');

select vault.create_secret('https://project.example/', 'sideline_project_url');
select vault.create_secret('sb_secret_test', 'sideline_secret_key');
select results_eq(
  $$ select * from pipeline.dispatch() where ready > 0 $$, $$ values ('ssml', 1, null::boolean) $$,
  'within the debounce nothing is tried again'
);
set local pipeline.now = '2030-01-01 00:00:01+00';
select results_eq(
  $$ select * from pipeline.dispatch() where ready > 0 $$, $$ values ('ssml', 1, true) $$,
  'then the stage with ready work is called'
);
select results_eq(
  $$ select url, headers ->> 'apikey', body from calls $$,
  $$ values ('https://project.example/functions/v1/ssmlWorker', 'sb_secret_test', '{}'::jsonb) $$,
  'once, with the secret key and an empty body'
);
select results_eq(
  $$ select outcome, woken_at from pipeline.stage_clocks where stage = 'ssml' $$,
  $$ values ('called', '2030-01-01 00:00:01+00'::timestamptz) $$, 'which is noted'
);

create temp table claimed as select * from pipeline.claim_ssml(1);
set local pipeline.now = '2030-01-01 00:00:02+00';
select results_eq(
  $$ select * from pipeline.dispatch() where stage = 'ssml' $$, $$ values ('ssml', 0, false) $$,
  'leased work wakes nobody'
);
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
overriding system value
select i, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, 'Hello'
from generate_series(-3, -2) as i;
update pipeline.tasks set turn = null, available_at = '2031-01-01 00:00:00+00'
where stage = 'ssml' and subject_id = -3;
select results_eq(
  $$ select * from pipeline.dispatch() where stage = 'ssml' $$, $$ values ('ssml', 1, false) $$,
  'nor does work that a live lease''s holder will come for'
);
set local pipeline.now = '2030-01-01 00:00:05+00';
select results_eq(
  $$ select * from pipeline.dispatch() where stage = 'ssml' $$, $$ values ('ssml', 1, true) $$,
  'unless it waits longer than the stage''s patience: that holder is busy, or gone'
);
set local pipeline.now = '2030-01-01 00:00:02+00';
update pipeline.stage_clocks set woken_at = '-infinity';
update pipeline.tasks set available_at = '2030-01-01 00:00:02+00'
where stage = 'ssml' and subject_id = -3;
update pipeline.stages set enabled = false where stage = 'ssml';
select results_eq(
  $$ select * from pipeline.dispatch() where stage = 'ssml' $$, $$ values ('ssml', 2, false) $$,
  'a paused stage is not called'
);
update pipeline.stages set enabled = true, max_concurrency = 1, max_concurrency_per_user = 8
where stage = 'ssml';
select results_eq(
  $$ select * from pipeline.dispatch() where stage = 'ssml' $$, $$ values ('ssml', 2, false) $$,
  'nor one at its cap'
);
update pipeline.stages set max_concurrency = 64 where stage = 'ssml';
select results_eq(
  $$ select * from pipeline.dispatch() where stage = 'ssml' $$, $$ values ('ssml', 2, true) $$,
  'more ready work than live leases calls for another worker'
);
set local pipeline.now = '2030-01-01 00:02:00+00';
select results_eq(
  $$ select * from pipeline.dispatch() where stage = 'ssml' $$, $$ values ('ssml', 3, true) $$,
  'an expired lease is ready work'
);

select pipeline.enqueue(s.stage, array[-1], array['a0000000-0000-4000-8000-000000000001'::uuid])
from unnest(array['analysis', 'audio']) as s (stage);
select results_eq(
  $$ select * from pipeline.dispatch() where stage in ('analysis', 'audio') $$,
  $$ values ('analysis', 1, true), ('audio', 1, true) $$, 'each stage is called for itself'
);
select results_eq(
  $$ select url from calls order by id desc limit 2 $$,
  $$ values ('https://project.example/functions/v1/audioWorker'),
     ('https://project.example/functions/v1/ai-analyze-video') $$,
  'by the name of its function'
);

select * from finish();
rollback;
