-- Cron's second is watched: has_work() says whether dispatch() is worth calling before it is over.
begin;
select plan(24);

delete from public.video_recordings;
delete from vault.secrets where name in ('sideline_project_url', 'sideline_secret_key');
select vault.create_secret('https://project.example', 'sideline_project_url');
select vault.create_secret('sb_secret_test', 'sideline_secret_key');
update pipeline.wake_ups set woken_at = '-infinity';
insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com');
insert into public.video_recordings (id, user_id, filename, storage_path)
overriding system value
values (-1, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/a.mp4');
insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status)
overriding system value
values (-1, -1, 'a0000000-0000-4000-8000-000000000001', '{}', 'completed');
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
overriding system value
values (-1, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, '');

-- The one item of a stage in a state: no turn and null times where they are not given.
create function pg_temp.has_work_with(stage text, status text, available_at text, turn int)
returns boolean language plpgsql as $$
declare
  v_has_work boolean;
begin
  begin
    execute format(
      'update public.%s set %s = %L, %s = %L, %s = %L, %s = %L where id = -1',
      case has_work_with.stage when 'analysis' then 'analysis_jobs' else 'analysis_feedback' end,
      p.prefix || 'status', has_work_with.status,
      p.prefix || 'available_at', has_work_with.available_at,
      p.prefix || 'turn', has_work_with.turn,
      p.prefix || 'lease_token', case has_work_with.status when 'processing' then
        'c0000000-0000-4000-8000-00000000000c' end
    ) from (
      select case has_work_with.stage when 'analysis' then '' else has_work_with.stage || '_' end
    ) as p (prefix);
    v_has_work := pipeline.has_work('2030-01-01 00:00:00+00');
    raise exception using errcode = 'UNDO0';
  exception when sqlstate 'UNDO0' then
    return v_has_work;
  end;
end
$$;
create temp table stages on commit drop as
select s.stage from (values ('analysis'), ('ssml'), ('audio')) as s (stage);

select is(pipeline.has_work('2030-01-01 00:00:00+00'), false, 'without items there is no work');
select is(
  pg_temp.has_work_with(stage, 'queued', '2030-01-01 00:00:00+00', 5), true,
  stage || ': a ready item is work'
) from stages;
select is(
  pg_temp.has_work_with(stage, 'queued', '2030-01-01 00:00:00+00', null), true,
  stage || ': a retry whose backoff is over is'
) from stages;
select is(
  pg_temp.has_work_with(stage, 'processing', '2030-01-01 00:00:00+00', null), true,
  stage || ': a lease that has ended is'
) from stages;
select is(
  pg_temp.has_work_with(stage, 'processing', '2030-01-01 00:00:00.001+00', null), false,
  stage || ': a lease that runs is none'
) from stages;
select is(
  pg_temp.has_work_with(stage, 'queued', '2030-01-01 00:00:00.001+00', null), false,
  stage || ': an item that is to wait is none'
) from stages;
select is(
  pg_temp.has_work_with(stage, 'queued', null, null), false,
  stage || ': an item without its input is none'
) from stages;

-- This transaction's time stands still; the item's time comes while the watch goes on.
update public.analysis_feedback
set ssml_available_at = clock_timestamp() + interval '300 milliseconds' where id = -1;
create temp table watched on commit drop as
select w.*, clock_timestamp() as seen_at from pipeline.watch(6) as w;
select results_eq(
  'select stage, ready, called from watched',
  $$ values ('analysis', 0, false), ('ssml', 1, true), ('audio', 0, false) $$,
  'a watch ends with dispatch(), at the clock''s time'
);
select ok(
  (select max(seen_at) from watched) < (
    select ssml_available_at + interval '3 seconds' from public.analysis_feedback where id = -1
  ),
  'as soon as there is work, and not at the end of its time'
);
select is(
  coalesce(current_setting('pipeline.now', true), ''), '',
  'and leaves the machine''s clock as it was'
);
update public.analysis_feedback set ssml_available_at = null where id = -1;
create temp table before on commit drop as select clock_timestamp() as at;
select results_eq(
  'select stage, ready, called from pipeline.watch(0.3)',
  $$ values ('analysis', 0, false), ('ssml', 0, false), ('audio', 0, false) $$,
  'a watch that sees no work calls nobody'
);
select ok(
  clock_timestamp() >= (select at + interval '0.3 seconds' from before), 'and lasts its time'
);

select * from finish();
rollback;
