-- What users only read, and what they do not even see: grants refuse every write of the owner, of a
-- stranger and of anonymous callers before a policy is asked. The tests beside tell who reads what.
begin;
select plan(109);

select tests.analysis();

-- Who may not look into a schema is refused whatever the name: so each is one that there is.
create temp table hidden on commit drop as
select name from unnest(array['stages', 'stage_clocks', 'tasks', 'usage', 'provider_limits',
  'violations']) as name;
grant select on hidden to authenticated, anon;
select is_empty(
  $$ select name from hidden where to_regclass('pipeline.' || name) is null $$,
  'what is refused is there'
);

create function pg_temp.refusals(actor text)
returns setof text language sql volatile as $$
  select throws_ok(
    format(v.statement, t.name), '42501', null, format('%s cannot ' || v.statement, actor, t.name)
  )
  from (values
    ('public.analysis_jobs', 'status'), ('public.analysis_metrics', 'unit'),
    ('public.analysis_feedback', 'message'), ('public.analysis_ssml_segments', 'ssml'),
    ('public.analysis_audio_segments', 'format'), ('public.coach_voices', 'name'),
    ('pipeline.stages', 'enabled'), ('pipeline.tasks', 'turn'),
    ('pipeline.usage', 'attempts'), ('pipeline.provider_limits', 'burst')
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
  from hidden as t
$$;

select tests.act_as('owner');
select pg_temp.refusals('the owner');

select tests.act_as('stranger');
select pg_temp.refusals('a stranger');

select tests.act_as('anon');
select pg_temp.refusals('an anonymous caller');

reset role;
select * from finish();
rollback;
