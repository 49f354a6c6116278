-- A worker that had no need to ask says so: its result is no answer of the provider, and cost none
-- of the owner's quota.
begin;
select plan(8);

delete from public.video_recordings;
set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.analysis();
select tests.remarks(-1, -2, -3, -4);
update pipeline.stages set daily_attempts_per_user = 9 where stage = 'ssml';
update pipeline.provider_limits
set open_until = '2030-01-01 00:00:00+00', failing_users = array[gen_random_uuid()], probes = 1
where provider = 'gemini';

-- Claims the probe, and hands it in; what it says of being asked is told.
create function pg_temp.probe_with(told jsonb)
returns setof text language sql as $$
  select c.outcome from pipeline.complete_ssml((
    select jsonb_agg(told || jsonb_build_object(
      'id', p.id, 'lease_token', p.lease_token, 'provider', 'gemini', 'version', 'm',
      'segments', '[{"segment_index": 0, "ssml": "<speak>Hello</speak>"}]'::jsonb
    ))
    from pipeline.claim_ssml() as p
  )) as c
$$;
create temp view circuit as
select open_until is not null as open, probe_token is not null as probing
from pipeline.provider_limits where provider = 'gemini' and model = 'default';
create temp view used as
select coalesce(max(u.attempts), 0) as attempts from pipeline.usage as u where u.stage = 'ssml';

select results_eq(
  $$ select pg_temp.probe_with('{"asked": false}') $$, $$ values ('completed') $$,
  'what was made without the provider is handed in'
);
select results_eq(
  'select * from circuit', 'values (true, false)', 'the circuit stays open, and the probe is free'
);
select results_eq('select attempts from used', 'values (0)', 'no claim is counted');
create temp table held on commit drop as select * from pipeline.claim_ssml();
select pipeline.fail('ssml', id, lease_token, 'ssml_invalid', 'No.', false, asked => false)
from held;
select results_eq(
  'select * from circuit', 'values (true, false)', 'nor does a failure that asked nobody close it'
);
select results_eq(
  $$ select pg_temp.probe_with('{"asked": true}') $$, $$ values ('completed') $$,
  'what was asked for is handed in as ever'
);
select results_eq('select * from circuit', 'values (false, false)', 'and closes the circuit');
select results_eq('select attempts from used', 'values (2)', 'and is counted');
select is_empty(
  $$ select * from pipeline.violations where rule <> 'a completed upload has a job' $$,
  'no rule is broken'
);

select * from finish();
rollback;
