-- A result that breaks a rule is refused whole, and nothing of its batch is written.
begin;
select plan(10);

select tests.analysis();
update public.analysis_jobs set status = 'processing', attempts = 1 where id = -1;
insert into pipeline.tasks (stage, subject_id, user_id, attempts, available_at, lease_token)
values ('analysis', -1, 'a0000000-0000-4000-8000-000000000001', 1, now() + interval '1 minute',
  'c0000000-0000-4000-8000-00000000000c');
create temp table result (item jsonb) on commit drop;
insert into result values ('{
  "id": -1, "lease_token": "c0000000-0000-4000-8000-00000000000c",
  "title": "A walk", "summary": "Somebody walks.", "confidence": 0.8,
  "model": "m", "prompt_version": "1", "duration_seconds": 20,
  "metrics": [{"metric_key": "bursts", "metric_value": 2}],
  "feedback": [{"start_seconds": 4, "end_seconds": 7, "category": "motion", "severity": "low",
    "confidence": 0.5, "message": "Burst.", "drill": null}]
}');
create function pg_temp.complete_with(change jsonb)
returns void language sql as $$
  select from result, pipeline.complete_analysis(jsonb_build_array(
    item || '{"id": -2}', item || change
  ));
$$;

-- What else each field must be is told beside the contract, which the same samples are held against.
select throws_ok(call, code, message, what)
from (values
  ($$ select pg_temp.complete_with('{"id": "1"}') $$, 'SL004', null, 'an id is a number'),
  ($$ select pg_temp.complete_with('{"id": -2}') $$, 'SL004', null, 'an id comes once'),
  ($$ select pg_temp.complete_with('{"lease_token": null}') $$, 'SL004', null, 'a token is needed'),
  ($$ select pg_temp.complete_with('{"title": null}') $$, 'SL004', null, 'a title is needed'),
  ($$ select pg_temp.complete_with('{"feedback": {}}') $$, 'SL004', null, 'feedback is a list'),
  ($$ select pg_temp.complete_with('{"feedback": [[]]}') $$, 'SL004', null,
    'each feedback is an object'),
  ($$ select pg_temp.complete_with('{"feedback": [{"start_seconds": 4, "end_seconds": 7,
       "category": "motion", "severity": "low", "confidence": 0.5, "message": "Burst.",
       "drill": 7}]}') $$, 'SL004', null, 'a drill is a text'),
  ($$ select pipeline.complete_analysis('{}') $$, 'SL004', 'results must be a list',
    'results are a list')
) as refused (call, code, message, what);
select throws_ok(
  $$ select pg_temp.complete_with('{"confidence": 2}') $$, 'SL004',
  'results[1]: title, summary, model, prompt_version (texts), confidence (0 to 1), '
  'duration_seconds (above 0, at most a week), metrics and feedback (lists) are needed',
  'the message names the place and the rule'
);

select results_eq(
  $$ select status::text, (select count(*) from public.analysis_feedback where analysis_job_id = -1)
     from public.analysis_jobs where id = -1 $$,
  $$ values ('processing', 0::bigint) $$, 'nothing was written'
);

select * from finish();
rollback;
