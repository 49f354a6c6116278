-- Links to finished videos: made and ended by their owner, opened by whoever has them.
begin;
select plan(22);

delete from public.video_recordings;
select tests.users('owner', 'other');
set local pipeline.now = '2030-01-01 00:00:00+00';
insert into public.render_jobs (id, user_id, format, width, height, fps, status, submitted_at,
  started_at, progress_percent, output_path, output_bytes, duration_seconds, attempts, updated_at,
  error_code)
overriding system value
select -i, md5('owner')::uuid, 'mp4', 640, 360, 30, s.status, pipeline.now(), pipeline.now(),
  s.percent, case s.status when 'completed' then md5('owner')::uuid || '/r.mp4' end, 4711, 5, 1,
  '2030-01-01 00:00:30+00', case s.status when 'failed' then 'out_of_time' end
from (values (1, 'completed', 100), (2, 'cancelled', 10), (3, 'failed', 90)) as s (i, status, percent);
create temp table link (id bigint, token text, expires_at timestamptz);
grant all on link to authenticated, service_role;
select tests.act_as('other');
select throws_ok(
  'select public.create_render_link(-1)', 'PT404', null, 'nobody shares another''s video'
);
select is_empty('select from public.render_jobs', 'or reads of it');
select is_empty('select from public.render_summary', 'or of its summary');
select is_empty('select from public.calculate_render_progress(-1)', 'or how far it is');
select results_eq(
  $$ select renders from public.get_render_statistics('2029-01-01', '2031-01-01') $$,
  'values (0::bigint)', 'or counts it'
);
select tests.sign_in('owner');
select throws_ok(
  'select public.create_render_link(-2)', 'PT422', null, 'what is not finished is not shared'
);
select throws_ok('select public.create_render_link(-1, 10000000)', 'PT422', null, 'nor for ever');
insert into link select * from public.create_render_link(-1, 3600);
select results_eq(
  'select length(token), expires_at from link',
  $$ values (64, '2030-01-01 01:00:00+00'::timestamptz) $$, 'a link is made'
);
select results_eq(
  'select id, render_job_id, token_hash from public.render_links',
  $$ select id, -1::bigint, sha256(convert_to(token, 'UTF8')) from link $$,
  'and kept without its secret'
);
select throws_ok(
  $$ update public.render_links set expires_at = '2030-03-01' $$, '23514', null,
  'no link lives longer than 30 days'
);

set local role service_role;
select results_eq(
  $$ select o.* from link, pipeline.open_render_link(token, 'Player/1.0', 'NZ') as o $$,
  format($$ values ('%s/r.mp4', 'mp4', 4711::bigint) $$, md5('owner')::uuid), 'it opens'
);
select isnt_empty(
  $$ select from link, pipeline.open_render_link(token, repeat('x', 9999), 'T1; drop', false) $$,
  'and goes on to play'
);
select isnt_empty(
  $$ select from link, pipeline.open_render_link(token, repeat('x', 9999), 'T1; drop') $$,
  'whatever a caller calls itself'
);
select is_empty(
  $$ select from pipeline.open_render_link(repeat('0', 64)) $$, 'a guess opens nothing'
);
select results_eq(
  $$ select count(*) from link, generate_series(1, 100) as i,
       pipeline.open_render_link(token, 'Flood/' || i) $$,
  'values (100::bigint)', 'however often'
);
set local role authenticated;
select results_eq(
  $$ select count(*) from public.url_access_logs $$, 'values (60::bigint)',
  'but no more than that is kept'
);
select results_eq(
  'select length(agent), country from public.url_access_logs where agent not like ''Flood%'' order by id',
  $$ values (10, 'NZ'), (300, null) $$, 'its owner reads who opened it'
);
select lives_ok(
  'update public.render_links set expires_at = pipeline_now from (select $$2030-01-01$$'
  '::timestamptz as pipeline_now) as n', 'and ends it'
);
set local role service_role;
select is_empty(
  $$ select from link, pipeline.open_render_link(token) $$, 'which then opens nothing'
);
set local role authenticated;
select results_eq(
  'select id, status::text, elapsed_seconds, elements from public.render_summary order by id desc',
  $$ values (-1::bigint, 'completed', 30::numeric, 0::bigint), (-2, 'cancelled', 30, 0),
    (-3, 'failed', 30, 0) $$,
  'the summary'
);
select results_eq(
  $$ select renders, completed, cancelled, failed, timed_out, under_way, video_seconds,
       median_render_seconds
     from public.get_render_statistics('2029-01-01', '2031-01-01') $$,
  $$ values (3::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 0::bigint, 15::numeric,
       30::numeric) $$,
  'the figures'
);

reset role;
set local pipeline.now = '2030-04-02';
select pipeline.enforce_data_retention();
select is_empty('select from public.render_links', 'links go when their end is long ago');

select * from finish();
rollback;
