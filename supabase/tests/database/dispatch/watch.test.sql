-- Cron's second is watched: what becomes ready without a worker at it is an arrival, and an arrival is
-- dispatched at once.
begin;
select plan(15);

delete from public.video_recordings;
delete from vault.secrets where name in ('sideline_project_url', 'sideline_secret_key');
select vault.create_secret('https://project.example', 'sideline_project_url');
select vault.create_secret('sb_secret_test', 'sideline_secret_key');
update pipeline.stage_clocks set woken_at = '-infinity';
select tests.recording();

-- How many arrivals a statement counts.
create function pg_temp.arrivals(statement text)
returns bigint language plpgsql as $$
declare
  v_before bigint := nextval('pipeline.arrivals');
begin
  execute arrivals.statement;
  return nextval('pipeline.arrivals') - v_before - 1;
end
$$;
select setval('pipeline.arrivals_dispatched', nextval('pipeline.arrivals'));

create temp table before on commit drop as select clock_timestamp() as at;
select results_eq(
  $$ select stage, ready, called from pipeline.watch(0.3)
     where stage in ('analysis', 'ssml', 'audio') $$,
  $$ values ('analysis', 0, false), ('ssml', 0, false), ('audio', 0, false) $$,
  'a watch that sees no arrival calls nobody'
);
select ok(
  clock_timestamp() >= (select at + interval '0.3 seconds' from before), 'and lasts its time'
);

select is(
  pg_temp.arrivals($$ update public.video_recordings set upload_status = 'uploading' $$),
  0::bigint, 'an upload that goes on is no arrival'
);
select is(
  pg_temp.arrivals($$ update public.video_recordings set upload_status = 'completed' $$),
  1::bigint, 'a finished upload is one'
);
delete from before;
insert into before select clock_timestamp();
select results_eq(
  $$ select stage, ready, called from pipeline.watch(10)
     where stage in ('analysis', 'ssml', 'audio') $$,
  $$ values ('analysis', 1, true), ('ssml', 0, false), ('audio', 0, false) $$,
  'a watch that sees an arrival dispatches'
);
select ok(
  clock_timestamp() < (select at + interval '3 seconds' from before),
  'at once, and not at the end of its time'
);
select is(
  coalesce(current_setting('pipeline.now', true), ''), '',
  'and leaves the machine''s clock as it was'
);

select is(
  pg_temp.arrivals($$ select pipeline.claim_analysis(1) $$), 0::bigint,
  'what a worker has in hand is no arrival'
);
select is(
  pg_temp.arrivals($$ select pipeline.fail('analysis', subject_id, lease_token, 'x', 'No.', false)
    from pipeline.tasks where stage = 'analysis' $$),
  0::bigint, 'a failure is none'
);
select is(
  pg_temp.arrivals($$ select pipeline.requeue_analysis(id) from public.analysis_jobs $$),
  1::bigint, 'a retry is one'
);
insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
select id, user_id, 1, 2, 'motion', 'low', 0.5, '' from public.analysis_jobs;
select is(
  pg_temp.arrivals($$ update public.analysis_feedback set message = 'Hello' $$),
  1::bigint, 'other words are one'
);
select is(
  pg_temp.arrivals($$ update public.analysis_feedback set ssml_status = 'queued' $$),
  0::bigint, 'the same state once more is none'
);

-- What comes due by itself is found when the watch ends.
update pipeline.tasks
set available_at = clock_timestamp() + interval '100 milliseconds', turn = null
where stage = 'ssml';
update pipeline.stage_clocks set woken_at = '-infinity';
select setval('pipeline.arrivals_dispatched', (select last_value from pipeline.arrivals));
select results_eq(
  $$ select stage, ready, called from pipeline.watch(0.3) where stage = 'ssml' $$,
  $$ values ('ssml', 1, true) $$, 'what comes due meanwhile is dispatched when the watch ends'
);
update pipeline.stage_clocks set woken_at = clock_timestamp();
select is(
  pg_temp.arrivals($$ select called is null from pipeline.watch(0.1) where stage = 'ssml' $$),
  1::bigint, 'what needs a call within the debounce is an arrival for the next watch'
);
set local pipeline.now = '2030-01-01 00:00:00+00';
select pipeline.watch(0.1);
select is(
  current_setting('pipeline.now'), '2030-01-01 00:00:00+00', 'a clock that was set stays set'
);

select * from finish();
rollback;
