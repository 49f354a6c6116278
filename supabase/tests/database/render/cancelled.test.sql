-- A render is cancelled by its owner, whoever works on it; one that ended is tried again.
begin;
select plan(17);

delete from public.video_recordings;
select tests.users('owner', 'other');
select tests.sign_in('owner');
create function pg_temp.begin_render()
returns void language sql as $$
  select public.add_render_element(j.id, 'text', text => 'Hi', duration_seconds => 2),
    public.start_render(j.id)
  from (select public.create_render_job('mp4', 640, 360, 30) as id) as j
$$;
create temp view jobs as
select j.id, j.status::text, j.attempts, t.turn is not null as is_ready, t.lease_token
from public.render_jobs as j
left join pipeline.tasks as t on t.stage = 'render' and t.subject_id = j.id;
select pg_temp.begin_render();
create temp table held on commit drop as
select c.id, c.lease_token from pipeline.claim_render() as c;

select tests.sign_in('other');
select throws_ok(call, code, message, what)
from (values
  ('select public.cancel_render_job(id) from held', 'PT404', null, 'nobody cancels another''s'),
  ('select public.start_render(id) from held', 'PT404', null, 'or starts it'),
  ('select public.retry_render(id) from held', 'PT404', null, 'or retries it')
) as refused (call, code, message, what);
select tests.sign_in('owner');
select throws_ok(
  'select public.retry_render(id) from held', 'SL001', null, 'what runs is not retried'
);
select results_eq(
  'select public.cancel_render_job(id) from held', $$ values ('cancelled') $$, 'its owner does'
);
select results_eq(
  'select public.cancel_render_job(id) from held', $$ values ('cancelled') $$, 'once or twice'
);
select results_eq(
  'select status, lease_token from jobs', $$ values ('cancelled', null::uuid) $$,
  'and nobody will work on it'
);
select results_eq(
  'select pipeline.report_render_progress(id, lease_token, 50) from held',
  $$ values ('cancelled') $$, 'who still does is told to stop'
);
select results_eq(
  $$ select outcome from held as h, pipeline.complete_render(jsonb_build_array(
       jsonb_build_object('id', h.id, 'lease_token', h.lease_token, 'frames', 1, 'bytes', 1,
         'path', md5('owner')::uuid || '/r.mp4', 'duration_seconds', 1,
         'checksum', repeat('a', 64)))) $$,
  $$ values ('stale') $$, 'what comes too late is not kept'
);
select is_empty('select * from pipeline.violations', 'no rule is broken');

select results_eq(
  'select public.retry_render(id) from held', $$ values ('queued') $$, 'it can be wanted again'
);
select results_eq(
  'select status, attempts, is_ready from jobs', $$ values ('queued', 0, true) $$,
  'with all its attempts'
);
select pipeline.claim_render();
select results_eq(
  $$ select pipeline.report_render_progress(id, lease_token, 50) from held $$,
  $$ values ('stale') $$, 'and the worker of before is not the worker of now'
);
select pipeline.fail('render', id, lease_token, 'internal_error', 'It broke.', false) from jobs;
select throws_ok(
  'select public.cancel_render_job(id) from held', 'PT409', null, 'what has ended is not stopped'
);
select pg_temp.begin_render();
select tests.act_as('other');
select is_empty('delete from public.render_jobs returning id', 'nobody deletes another''s');
select tests.act_as('owner');
delete from public.render_jobs;
reset role;
select is_empty(
  $$ select from pipeline.tasks where stage = 'render' $$, 'its owner does, and it leaves the queue'
);
select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
