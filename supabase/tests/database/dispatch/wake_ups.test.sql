-- Functions are called where work is ready that nobody is about to take, and else never.
begin;
select plan(11);

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

select tests.remarks(-1);
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
