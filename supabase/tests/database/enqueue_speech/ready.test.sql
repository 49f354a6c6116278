-- New feedback is ready for SSML when it has words; its audio is when the SSML is there.
begin;
select plan(4);

delete from public.video_recordings;
set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.remark();

select results_eq(
  $$ select stage, user_id, available_at, attempts::int from pipeline.tasks
     where stage <> 'upload' $$,
  $$ values ('ssml', 'a0000000-0000-4000-8000-000000000001'::uuid,
     '2030-01-01 00:00:00+00'::timestamptz, 0) $$,
  'feedback with a message is ready for SSML, and its audio waits'
);
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
overriding system value
select i, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5,
  case i when -2 then '  ' else 'Hello' end
from generate_series(-4, -2) as i;
select set_eq(
  $$ select subject_id::int from pipeline.tasks where stage = 'ssml' $$, array[-1, -3, -4],
  'each row of a statement for itself; without words it waits for some'
);
set local role service_role;
select results_eq(
  $$ select id, attempt, alone, refused::text, message::text, language, coach
     from pipeline.claim_ssml(2) order by id desc $$,
  $$ values (-1::bigint, 1, false, null::text, 'Hello', 'en-US', '{"style":"calm"}'::jsonb),
     (-4, 1, false, null, 'Hello', 'en-US', '{"style":"calm"}') $$,
  'its worker is told what to say, and how'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
