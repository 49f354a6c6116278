-- Renders under way: how far they are, how long they still take, and whether their worker lives.
begin;
select plan(6);

delete from public.video_recordings;
select tests.users('owner');
select tests.sign_in('owner');
set local pipeline.now = '2030-01-01 00:00:00+00';
create temp table made on commit drop as
select public.create_render_job('mp4', 640, 360, 30) as id;
grant select on made to authenticated;
select public.add_render_element(id, 'text', text => 'Hi', duration_seconds => 2) from made;
set local role authenticated;
select is_empty('select from public.active_renders', 'what was not started is not under way');
select public.start_render(id) from made;
create function pg_temp.health_at(moment text)
returns text language plpgsql as $$
begin
  perform set_config('pipeline.now', '2030-01-01 ' || moment || '+00', true);
  return (select a.processing_health from public.active_renders as a);
end
$$;
select results_eq(
  $$ select m, pg_temp.health_at(m) from unnest(array['00:00:59', '00:01:00', '00:10:00']) as m $$,
  $$ values ('00:00:59', 'healthy'), ('00:01:00', 'slow'), ('00:10:00', 'stalled') $$,
  'while it waits for a worker'
);
set local role service_role;
select pipeline.claim_render(1, 600);
set local pipeline.now = '2030-01-01 00:10:30+00';
select pipeline.report_render_progress(t.subject_id, t.lease_token, 25)
from pipeline.tasks as t where t.stage = 'render';
set local role authenticated;
select results_eq(
  $$ select m, pg_temp.health_at(m) from unnest(array['00:10:39', '00:10:40', '00:11:30']) as m $$,
  $$ values ('00:10:39', 'healthy'), ('00:10:40', 'slow'), ('00:11:30', 'stalled') $$,
  'and while it has one'
);
set local pipeline.now = '2030-01-01 00:11:00+00';
select results_eq(
  'select p.* from made, public.calculate_render_progress(id) as p',
  $$ values ('processing', null::text, 25, 60.0, 180.0) $$,
  'a quarter in a minute: three more'
);
select public.cancel_render_job(id) from made;
select is_empty('select from public.active_renders', 'what has ended is not under way');
select results_eq(
  'select p.status, p.remaining_seconds from made, public.calculate_render_progress(id) as p',
  $$ values ('cancelled', null::numeric) $$, 'and takes no time'
);

reset role;
select * from finish();
rollback;
