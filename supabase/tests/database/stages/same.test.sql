-- The verbs are the same for all stages: each writes the status that the stage's view shows, and
-- no other.
begin;
select plan(21);


delete from public.video_recordings;
select tests.people();
set local pipeline.now = '2030-01-01 00:00:00+00';
insert into public.video_recordings (id, user_id, filename, storage_path, upload_status)
overriding system value
select -i, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/' || i || '.mp4', 'completed'
from generate_series(1, 4) as i;
insert into public.video_recordings (id, user_id, filename, storage_path)
overriding system value
values (-9, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/9.mp4');
insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status)
overriding system value
values (-9, -9, 'a0000000-0000-4000-8000-000000000001', '{"style":"calm"}', 'completed');
-- Four feedback that are ready for SSML, and four whose SSML is there.
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
overriding system value
select -i, -9, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, 'Hello'
from generate_series(1, 8) as i;
insert into public.analysis_ssml_segments (feedback_id, ssml)
select -i, '<speak>a</speak>' from generate_series(5, 8) as i;
delete from pipeline.tasks where stage = 'ssml' and subject_id <= -5;
update public.analysis_feedback set ssml_status = 'completed' where id <= -5;
select pipeline.enqueue('audio', array_agg(f.id), array_agg(f.user_id))
from public.analysis_feedback as f where f.id <= -5;

create temp table stages on commit drop as
select s.stage from (values ('analysis'), ('ssml'), ('audio')) as s (stage);
create function pg_temp.claim(stage text)
returns table (attempt int, alone boolean, lease_expires_at timestamptz)
language plpgsql as $$
begin
  return query execute format(
    'select c.attempt, c.alone, c.lease_expires_at from pipeline.claim_%s(4, 90) as c', stage
  );
end
$$;
-- The stage's tasks in the order of their items, and what its owner sees of them.
create temp view seen as
select t.stage, row_number() over (partition by t.stage order by t.subject_id) as place,
  t.subject_id as id, t.lease_token, t.available_at, i.status, i.attempts, i.error_code
from pipeline.tasks as t join pipeline.items() as i on i.stage = t.stage and i.id = t.subject_id;

select results_eq(
  format('select * from pg_temp.claim(%L)', stage),
  $$ select 1, false, '2030-01-01 00:01:30+00'::timestamptz from generate_series(1, 4) $$,
  stage || ': a claim leases what is ready'
) from stages;
select results_eq(
  format('select status, attempts from seen where stage = %L', stage),
  $$ select 'processing', 1 from generate_series(1, 4) $$, stage || ': its owner sees it'
) from stages;
select is_empty('select * from pipeline.violations', 'no rule is broken');

create temp table held on commit drop as select * from seen;
select results_eq(
  format('select pipeline.extend(stage, id, lease_token, 120) from held where stage = %L', stage),
  $$ select '2030-01-01 00:02:00+00'::timestamptz from generate_series(1, 4) $$,
  stage || ': the leases are made longer'
) from stages;
select results_eq(
  format($$ select case place
      when 1 then pipeline.fail(stage, id, lease_token, 'x', 'No.', false)
      when 2 then pipeline.fail(stage, id, lease_token, 'x', 'No.', true)
      when 3 then pipeline.defer(stage, id, lease_token, 'y', 'Later.', 30)
      else pipeline.release(stage, id, lease_token) end
    from held where stage = %L order by place $$, stage),
  $$ values ('failed'), ('queued'), ('queued'), ('queued') $$,
  stage || ': an item fails, another comes back, waits, is handed back'
) from stages;
select results_eq(
  format($$ select i.status, i.attempts, i.error_code from held as h
    join pipeline.items() as i on i.stage = h.stage and i.id = h.id
    where h.stage = %L order by h.place $$, stage),
  $$ values ('failed', 1, 'x'), ('queued', 1, 'x'), ('queued', 0, 'y'), ('queued', 0, null) $$,
  stage || ': its owner sees why'
) from stages;
select results_eq(
  format($$ select pipeline.fail(stage, id, lease_token, 'x', 'No.', false) from held
    where stage = %L $$, stage),
  $$ select 'stale' from generate_series(1, 4) $$, stage || ': an ended lease ends nothing again'
) from stages;
select results_eq(
  $$ select ssml_status::text, ssml_error_code from public.analysis_feedback where id <= -5 $$,
  $$ select 'completed', null::text from generate_series(1, 4) $$,
  'what the audio came to says nothing of the SSML'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
