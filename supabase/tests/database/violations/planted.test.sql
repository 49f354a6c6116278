-- Each rule of pipeline.violations, broken by hand: the constraints that would not let it happen
-- are taken away, one row is changed, and exactly that rule speaks up about exactly that row.
begin;
select plan(27);


delete from public.video_recordings;
select tests.people();
set local pipeline.now = '2030-01-01 00:00:00+00';
-- An analysis that is done, one that failed, and an upload that is awaited.
select tests.recordings(3);
insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status, attempts,
  error_code)
overriding system value
values
  (-1, -1, 'a0000000-0000-4000-8000-000000000001', '{}', 'completed', 0, null),
  (-2, -2, 'a0000000-0000-4000-8000-000000000001', '{}', 'failed', 3, 'lease_expired');
-- A feedback that is spoken, one that is ready for SSML, and one that has no words.
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
overriding system value
select v.id, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, v.message
from (values (-10, 'Hello'), (-11, 'Hello'), (-12, '')) as v (id, message);
delete from pipeline.tasks where subject_id = -10;
update public.analysis_feedback set ssml_status = 'completed', audio_status = 'completed'
where id = -10;
insert into public.analysis_ssml_segments (feedback_id, segment_index, ssml) values
  (-10, 0, '<speak>a</speak>'), (-10, 1, '<speak>b</speak>');
insert into public.analysis_audio_segments
  (feedback_id, segment_index, audio_url, format, duration_ms, provider) values
  (-10, 0, 'a/0.wav', 'wav', 1, 'tts'), (-10, 1, 'a/1.wav', 'wav', 1, 'tts');

select is_empty('select * from pipeline.violations', 'at first no rule is broken');

alter table public.video_recordings disable trigger user;
alter table public.analysis_jobs disable trigger user;
alter table public.analysis_feedback disable trigger user;
alter table public.analysis_jobs drop constraint a_failed_job_says_why;
alter table public.analysis_feedback drop constraint failed_ssml_says_why;
alter table public.analysis_feedback drop constraint failed_audio_says_why;
create function pg_temp.add_task(stage text, id bigint, lease_token uuid default null)
returns void language sql as $$
  insert into pipeline.tasks (stage, subject_id, user_id, turn, available_at, lease_token)
  values (stage, id, 'a0000000-0000-4000-8000-000000000001', 1, now(), lease_token)
$$;

-- What the view says after a change, which is then undone.
create function pg_temp.after(change text)
returns setof pipeline.violations language plpgsql as $$
declare
  v_found pipeline.violations[];
begin
  begin
    execute after.change;
    v_found := array(select v from pipeline.violations as v);
    raise exception using errcode = 'UNDO0';
  exception when sqlstate 'UNDO0' then
    null;
  end;
  return query select f.* from unnest(v_found) as f;
end
$$;

create temp table planted (place int generated always as identity, rule text, stage text, id int,
  change text) on commit drop;
insert into planted (rule, stage, id, change) values
  ('a task is of an item that is queued or processing', 'analysis', -1,
    $$ select pg_temp.add_task('analysis', -1) $$),
  ('a task is of an item that is queued or processing', 'audio', -99,
    $$ select pg_temp.add_task('audio', -99) $$),
  ('a task is of an item that is queued or processing', 'upload', -3,
    $$ update public.video_recordings set upload_status = 'failed' where id = -3 $$),
  ('a processing item has a lease', 'ssml', -11,
    $$ update public.analysis_feedback set ssml_status = 'processing' where id = -11 $$),
  ('a processing item has a lease', 'ssml', -11,
    $$ update public.analysis_feedback set ssml_status = 'processing' where id = -11;
       delete from pipeline.tasks where subject_id = -11 $$),
  ('a lease is held by a processing item', 'ssml', -11,
    $$ update pipeline.tasks set lease_token = gen_random_uuid() where subject_id = -11 $$),
  ('an item whose input is there can be claimed', 'ssml', -11,
    $$ delete from pipeline.tasks where subject_id = -11 $$),
  ('an item whose input is there can be claimed', 'upload', -3,
    $$ delete from pipeline.tasks where subject_id = -3 $$),
  ('an item whose input is there can be claimed', 'audio', -10,
    $$ update public.analysis_feedback set audio_status = 'queued' where id = -10 $$),
  ('an item waits for its input', 'ssml', -12, $$ select pg_temp.add_task('ssml', -12) $$),
  ('an item waits for its input', 'audio', -11, $$ select pg_temp.add_task('audio', -11) $$),
  ('task and item agree', 'ssml', -11,
    $$ update pipeline.tasks set attempts = 2 where subject_id = -11 $$),
  ('task and item agree', 'ssml', -11,
    $$ update pipeline.tasks set user_id = gen_random_uuid() where subject_id = -11 $$),
  ('a failed item says why', 'analysis', -2,
    $$ update public.analysis_jobs set error_code = null where id = -2 $$),
  ('a failed item says why', 'audio', -10,
    $$ update public.analysis_feedback set audio_status = 'failed' where id = -10 $$),
  ('what is listed as failed has failed', 'ssml', -11,
    $$ insert into pipeline.failures (stage, subject_id, user_id, error_code, failed_at)
       values ('ssml', -11, gen_random_uuid(), 'x', now()) $$),
  ('what is listed as failed has failed', 'audio', -99,
    $$ insert into pipeline.failures (stage, subject_id, user_id, error_code, failed_at)
       values ('audio', -99, gen_random_uuid(), 'x', now()) $$),
  ('a failed parent has no live child', 'ssml', -11,
    $$ update public.analysis_jobs set status = 'failed', error_code = 'x' where id = -1 $$),
  ('a completed upload has a job', 'analysis', -3,
    $$ update public.video_recordings set upload_status = 'completed' where id = -3;
       delete from pipeline.tasks where subject_id = -3 $$),
  ('all of a recording is its owner''s', 'analysis', -2,
    $$ update public.analysis_jobs set user_id = 'b0000000-0000-4000-8000-000000000002'
       where id = -2 $$),
  ('all of a recording is its owner''s', 'ssml', -12,
    $$ update public.analysis_feedback set user_id = 'b0000000-0000-4000-8000-000000000002'
       where id = -12 $$),
  ('a completed SSML has segments', 'ssml', -12,
    $$ update public.analysis_feedback set ssml_status = 'completed', audio_status = 'failed',
         audio_error_code = 'x' where id = -12 $$),
  ('a completed audio speaks every SSML segment', 'audio', -10,
    $$ delete from public.analysis_audio_segments where feedback_id = -10
         and segment_index = 1 $$),
  ('audio comes from SSML', 'audio', -12,
    $$ update public.analysis_feedback set audio_status = 'completed' where id = -12 $$);

select results_eq(
  format('select rule, stage, id::int from pg_temp.after(%L)', p.change),
  format('values (%L, %L, %s)', p.rule, p.stage, p.id),
  format('%s: %s', p.stage, p.rule)
) from planted as p order by p.place;
select set_eq(
  $$ select (regexp_matches(pg_get_viewdef('pipeline.violations'), 'SELECT ''(.+?)''::text AS rule',
       'g'))[1] union select (regexp_matches(pg_get_viewdef('pipeline.violations'),
       'UNION ALL\s+SELECT ''((?:[^'']|'''')+)''::text', 'g'))[1] $$,
  $$ select distinct replace(rule, '''', '''''') from planted $$, 'every rule was planted'
);
select is_empty('select * from pipeline.violations', 'and at the end again none');

select * from finish();
rollback;
