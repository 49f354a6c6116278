-- A render's walk through the queue: submitted, claimed with all that it is composed of, told of,
-- completed; failed and tried again; lost with its worker and taken over.
begin;
select plan(32);

delete from public.video_recordings;
select tests.users('owner', 'other');
set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.sign_in('owner');
insert into storage.objects (bucket_id, name)
values ('assets', md5('owner')::uuid || '/a.png');
create temp view jobs as
select j.id, j.status::text, j.attempts, j.error_code, j.progress_percent as percent,
  j.step::text, t.turn is not null as is_ready, t.lease_token, t.available_at
from public.render_jobs as j
left join pipeline.tasks as t on t.stage = 'render' and t.subject_id = j.id;
create temp table made (id bigint);
create function pg_temp.report(
  percent int, step text default null, state text default null, path text default null
)
returns setof text language sql as $$
  select pipeline.report_render_progress(j.id, j.lease_token, report.percent, report.step,
    report.state, path => md5('owner')::uuid || report.path)
  from jobs as j join made using (id)
$$;
-- A worker names a file, and stores it.
create function pg_temp.store(name text)
returns void language sql as $$
  select pg_temp.report(95, path => store.name);
  insert into storage.objects (bucket_id, name) values ('processed', md5('owner')::uuid || store.name);
$$;
create temp view erased as
select split_part(path, '/', 2) as name, reason from pipeline.erasures order by id;

insert into made
select public.create_render_job('mp4', 640, 360, 30, options => '{"duration_seconds": 5}');
select public.add_render_element(id, 'text', 1, text => 'Hi', duration_seconds => 2) from made;
select public.add_render_element(id, 'image', source_bucket => 'assets',
  source_path => md5('owner')::uuid || '/a.png', fit_mode => 'cover') from made;
select results_eq(
  'select status, is_ready from jobs', $$ values ('queued', false) $$,
  'a render that is being put together waits for its owner'
);
select is_empty('select from pipeline.claim_render()', 'and for nobody else');
select is_empty('select * from pipeline.violations', 'no rule is broken');

select results_eq('select public.start_render(id) from made', $$ values ('queued') $$, 'started');
select results_eq('select is_ready from jobs', 'values (true)', 'it waits for a worker');
create temp table claimed on commit drop as
select to_jsonb(c) as row from pipeline.claim_render(1, 60) as c;
select results_eq(
  $$ select row - array['id', 'lease_token', 'correlation_id', 'elements'] from claimed $$,
  format($$ values ('{"attempt": 1, "lease_expires_at": "2030-01-01T00:01:00+00:00",
    "alone": false, "user_id": "%s", "format": "mp4", "width": 640, "height": 360, "fps": 30,
    "options": {"duration_seconds": 5}, "coaching": null}'::jsonb) $$, md5('owner')::uuid),
  'a worker is told what the file shall be'
);
select results_eq(
  $$ select jsonb_path_query_array(row, '$.elements[*].element_type'), row #> '{elements,0,path}',
       row #> '{elements,0,fit_mode}', row #> '{elements,1,text}' from claimed $$,
  format($$ values ('["image", "text"]'::jsonb, '"%s/a.png"'::jsonb, '"cover"'::jsonb,
    '"Hi"'::jsonb) $$, md5('owner')::uuid),
  'and its elements, the lowest layer first'
);
select results_eq(
  'select status, attempts, percent from jobs', $$ values ('processing', 1, 0) $$,
  'its owner sees that it is worked on'
);

set local pipeline.now = '2030-01-01 00:00:50+00';
select results_eq(
  $$ select pg_temp.report(40, 'encoding', 'started') $$, $$ values ('ok') $$, 'progress is told'
);
select results_eq(
  'select percent, step, available_at from jobs',
  $$ values (40, 'encoding', '2030-01-01 00:01:10+00'::timestamptz) $$,
  'its owner sees it, and the lease is longer'
);
select results_eq(
  $$ select pipeline.report_render_progress(id, gen_random_uuid(), 99) from made $$,
  $$ values ('stale') $$, 'another worker''s word counts nothing'
);
select throws_ok($$ select pg_temp.report(101) $$, 'SL003', null, 'nor does more than everything');
select throws_ok(
  $$ select pg_temp.report(50, 'painting', 'started') $$, '23514', null, 'or an unknown step'
);

select throws_ok(
  $$ select pg_temp.report(50, null, 'started') $$, 'SL003', null, 'or a state of nothing'
);

-- The worker vanishes.
set local pipeline.now = '2030-01-01 00:03:00+00';
select results_eq(
  $$ select stage, swept from pipeline.sweep() where stage = 'render' $$,
  $$ values ('render', 0) $$, 'a lost render is swept, though no function works the stage'
);
select is_empty(
  $$ select from pipeline.dispatch() where stage = 'render' $$, 'and nobody is called for it'
);
create temp table again on commit drop as select * from pipeline.claim_render(1);
select results_eq(
  'select a.attempt, j.percent from again as a join jobs as j using (id)', 'values (1, 0)',
  'another worker takes it over, from the beginning'
);
select results_eq(
  $$ select pg_temp.report(10, 'download', 'started') union all
     select pg_temp.report(20, 'download', 'completed') union all
     select pg_temp.report(30, 'encoding', 'started') $$,
  $$ values ('ok'), ('ok'), ('ok') $$, 'and goes on'
);
select pg_temp.store('/1.mp4');
select results_eq(
  $$ select pipeline.fail('render', id, lease_token, 'internal_error', 'It broke.', true) from jobs $$,
  $$ values ('queued') $$, 'one that breaks is tried again'
);
select is_empty('select * from erased', 'what it had stored is still named: it may come out again');

set local pipeline.now = '2030-01-01 00:10:00+00';
select pipeline.claim_render(1);
select pg_temp.store('/r.mp4');
select results_eq(
  'select * from erased', $$ values ('1.mp4', 'row_deleted') $$,
  'when the next attempt stores another file, the one before is erased'
);
create function pg_temp.complete(result jsonb)
returns setof text language sql as $$
  select c.outcome from jobs as j join made using (id),
    pipeline.complete_render(jsonb_build_array(
      jsonb_build_object('id', j.id, 'lease_token', j.lease_token, 'frames', 150, 'bytes', 4711,
        'path', md5('owner')::uuid || '/r.mp4', 'duration_seconds', 5, 'checksum', repeat('a', 64))
      || result)) as c
$$;
select throws_ok(
  $$ select pg_temp.complete('{"frames": 0}') $$, 'SL004', null, 'a file has frames'
);
select throws_ok(
  format($$ select pg_temp.complete('{"path": "%s/r.mp4"}') $$, md5('other')::uuid),
  '23514', null, 'and lies in its owner''s folder'
);
select results_eq(
  $$ select pg_temp.complete('{}') $$, $$ values ('completed') $$, 'the file is handed in'
);
select results_eq(
  $$ select status, percent, error_code, step from jobs $$,
  $$ values ('completed', 100, null::text, null::text) $$, 'and its owner sees it'
);
select results_eq(
  $$ select outcome from made, pipeline.complete_render(jsonb_build_array(jsonb_build_object(
       'id', id, 'lease_token', gen_random_uuid(), 'frames', 1, 'bytes', 1, 'path', 'a',
       'duration_seconds', 1, 'checksum', repeat('a', 64)))) $$,
  $$ values ('stale') $$, 'once'
);
select results_eq(
  $$ select attempt, step, outcome, started_at, ended_at from public.processing_timeline
     where stage = 'render' order by id $$,
  $$ values
     (1, 'encoding', 'lost', '2030-01-01 00:00:50+00'::timestamptz,
       '2030-01-01 00:03:00+00'::timestamptz),
     (1, null, 'lost', '2030-01-01 00:00:00+00', '2030-01-01 00:03:00+00'),
     (1, 'download', 'completed', '2030-01-01 00:03:00+00', '2030-01-01 00:03:00+00'),
     (1, 'encoding', 'retried', '2030-01-01 00:03:00+00', '2030-01-01 00:03:00+00'),
     (1, null, 'retried', '2030-01-01 00:03:00+00', '2030-01-01 00:03:00+00'),
     (2, null, 'completed', '2030-01-01 00:10:00+00', '2030-01-01 00:10:00+00') $$,
  'what became of each attempt, and of its steps'
);
select is_empty('select * from pipeline.violations', 'no rule is broken');

-- Another one fails for good when its file is stored.
truncate made;
insert into made
select public.create_render_job('mp4', 640, 360, 30, options => '{"duration_seconds": 5}');
select public.add_render_element(id, 'text', 1, text => 'Hi'), public.start_render(id) from made;
select pipeline.claim_render(1);
select pg_temp.store('/2.mp4');
select pipeline.fail('render', j.id, j.lease_token, 'render_invalid', 'No.', false)
from jobs as j join made using (id);
select results_eq(
  'select output_path, (select name from erased offset 1) from public.render_jobs join made using (id)',
  $$ values (null::text, '2.mp4') $$, 'a render that fails keeps no file'
);
select results_eq(
  $$ select output_path from public.render_jobs where status = 'completed' $$,
  format($$ values ('%s/r.mp4') $$, md5('owner')::uuid), 'the file that was handed in stays named'
);
delete from auth.users where id = md5('owner')::uuid;
select is_empty('select from public.render_elements', 'it goes with its owner');
select is_empty($$ select from pipeline.tasks where stage = 'render' $$, 'and leaves no task');

select * from finish();
rollback;
