-- An analysis is handed in whole, once, by the holder of the lease.
begin;
select plan(14);

set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.analysis();
update public.analysis_jobs
set status = 'processing', attempts = 1, error_code = 'internal_error', last_error = 'Before.'
where id = -1;
insert into pipeline.tasks (stage, subject_id, user_id, attempts, available_at, lease_token)
values ('analysis', -1, 'a0000000-0000-4000-8000-000000000001', 1, '2030-01-01 00:01:00+00',
  'c0000000-0000-4000-8000-00000000000c');
create temp table result (item jsonb) on commit drop;
grant select on result to service_role;
insert into result values ('{
  "id": -1, "lease_token": "c0000000-0000-4000-8000-00000000000c",
  "title": "A walk", "summary": "Somebody walks.", "confidence": 0.8,
  "model": "offline-bitstream-1", "prompt_version": "1", "duration_seconds": 20.5,
  "metrics": [
    {"metric_key": "frame_rate", "metric_value": 30, "unit": "1/s"},
    {"metric_key": "bursts", "metric_value": 2}
  ],
  "feedback": [
    {"start_seconds": 12, "end_seconds": 15, "category": "motion", "severity": "high",
     "confidence": 0.9, "message": "Second burst.", "drill": "Slow down."},
    {"start_seconds": 4, "end_seconds": 7, "category": "motion", "severity": "low",
     "confidence": 0.5, "message": "First burst.", "drill": null},
    {"start_seconds": 16, "end_seconds": 16, "category": "sound", "severity": "low",
     "confidence": 0.5, "message": ""}
  ]
}');

set local role service_role;
select results_eq(
  $$ select c.* from result, pipeline.complete_analysis(jsonb_build_array(
       item || '{"lease_token": "d0000000-0000-4000-8000-00000000000d"}')) as c $$,
  $$ values (-1::bigint, 'stale') $$, 'a wrong token is stale'
);
select results_eq(
  $$ select status::text, title::text, (select count(*) from public.analysis_feedback
       where analysis_job_id = -1) from public.analysis_jobs where id = -1 $$,
  $$ values ('processing', null::text, 0::bigint) $$, 'and writes nothing'
);
select results_eq(
  $$ select c.* from result, pipeline.complete_analysis(jsonb_build_array(
       item, item || '{"id": -99}')) as c $$,
  $$ values (-1::bigint, 'completed'), (-99, 'stale') $$,
  'the lease''s holder completes it; each result of a batch is judged by itself'
);
select results_eq(
  $$ select status::text, attempts, error_code, last_error from public.analysis_jobs where id = -1 $$,
  $$ values ('completed', 1, null::text, null::text) $$, 'the job is completed'
);
select is_empty($$ select from pipeline.tasks where stage = 'analysis' $$, 'and out of the queue');
select results_eq(
  $$ select title::text, summary::text, confidence, model::text, prompt_version, updated_at
     from public.analysis_jobs where id = -1 $$,
  $$ values ('A walk', 'Somebody walks.', 0.8, 'offline-bitstream-1', '1',
     '2030-01-01 00:00:00+00'::timestamptz) $$,
  'it holds the result'
);
select results_eq(
  $$ select duration_seconds from public.video_recordings where id = -1 $$,
  $$ values (20.5) $$, 'the recording holds the measured length'
);
select results_eq(
  $$ select metric_key, metric_value, unit::text from public.analysis_metrics
     where analysis_job_id = -1 order by metric_key $$,
  $$ values ('bursts', 2::numeric, null::text), ('frame_rate', 30, '1/s') $$,
  'metrics are written'
);
select results_eq(
  $$ select start_seconds, end_seconds, category::text, severity::text, confidence, message::text, drill::text, user_id
     from public.analysis_feedback where analysis_job_id = -1 order by id $$,
  $$ values
     (4::numeric, 7::numeric, 'motion', 'low', 0.5, 'First burst.', null::text,
       'a0000000-0000-4000-8000-000000000001'::uuid),
     (12, 15, 'motion', 'high', 0.9, 'Second burst.', 'Slow down.',
       'a0000000-0000-4000-8000-000000000001'),
     (16, 16, 'sound', 'low', 0.5, '', null, 'a0000000-0000-4000-8000-000000000001') $$,
  'feedback is written in order of time, for the owner'
);
select results_eq(
  $$ select f.message::text, f.ssml_status::text, t.available_at from public.analysis_feedback as f
     left join pipeline.tasks as t on t.stage = 'ssml' and t.subject_id = f.id
     where f.analysis_job_id = -1 order by f.id $$,
  $$ values
     ('First burst.', 'queued', '2030-01-01 00:00:00+00'::timestamptz),
     ('Second burst.', 'queued', '2030-01-01 00:00:00+00'),
     ('', 'queued', null) $$,
  'what has words is ready for SSML'
);
select results_eq(
  $$ select c.* from result, pipeline.complete_analysis(jsonb_build_array(item)) as c $$,
  $$ values (-1::bigint, 'stale') $$, 'handing in again is stale'
);
select results_eq(
  $$ select count(*) from public.analysis_feedback where analysis_job_id = -1 $$,
  $$ values (3::bigint) $$, 'and doubles nothing'
);
select is_empty($$ select * from pipeline.complete_analysis('[]') $$, 'nothing is nothing');
select is_empty('select * from pipeline.violations', 'and no rule is broken');

reset role;
select * from finish();
rollback;
