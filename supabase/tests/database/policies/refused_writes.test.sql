-- What users only read, and what they do not even see: grants refuse every write of the owner, of a
-- stranger and of anonymous callers before a policy is asked. The tests beside tell who reads what.
begin;
select plan(105);

select tests.analysis();

create function pg_temp.refusals(actor text)
returns setof text
language sql volatile
as $$
  select throws_ok(
    format(v.statement, t.name), '42501', null, format('%s cannot ' || v.statement, actor, t.name)
  )
  from (values
    ('public.analysis_jobs', 'status'), ('public.analysis_metrics', 'unit'),
    ('public.analysis_feedback', 'message'), ('public.analysis_ssml_segments', 'ssml'),
    ('public.analysis_audio_segments', 'format'), ('public.coach_voices', 'name'),
    ('pipeline.stages', 'enabled'), ('pipeline.wake_ups', 'outcome'),
    ('pipeline.watermarks', 'turn'), ('pipeline.provider_limits', 'burst')
  ) as t (name, col)
  cross join lateral (values
    ('insert into %s default values'), ('update %s set ' || t.col || ' = ' || t.col),
    ('delete from %s')
  ) as v (statement)
  union all
  select throws_ok(
    'select * from pipeline.' || t.name, '42501', null,
    format('%s reads nothing in pipeline.%s', actor, t.name)
  )
  from (values ('stages'), ('wake_ups'), ('watermarks'), ('provider_limits'), ('violations'))
    as t (name)
$$;

set local role authenticated;
set local request.jwt.claims =
  '{"sub":"a0000000-0000-4000-8000-000000000001","role":"authenticated"}';
select pg_temp.refusals('the owner');

set local request.jwt.claims =
  '{"sub":"b0000000-0000-4000-8000-000000000002","role":"authenticated"}';
select pg_temp.refusals('a stranger');

set local role anon;
set local request.jwt.claims = '{"role":"anon"}';
select pg_temp.refusals('an anonymous caller');

reset role;
select * from finish();
rollback;
