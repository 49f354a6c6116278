-- A provider that fails for several owners is left alone for a while, then asked with one item.
begin;
select plan(20);

select tests.queue();

select pg_temp.upload(owner, 6) from unnest(array['heavy', 'light', 'third']) as owner;
-- Of an owner's first item that is leased.
create function pg_temp.answer(owner text, error_code text)
returns text language sql as $$
  select pipeline.defer('analysis', i.id, i.lease_token, answer.error_code, 'No.', 1) from items as i
  where i.lease_token is not null and i.user_id = md5(owner)::uuid order by i.id limit 1
$$;
create temp view gemini as
select cardinality(failing_users) as owners, open_until, probes, probe_token is not null as probing
from pipeline.provider_limits where provider = 'gemini' and model = 'default';
select pg_temp.claim(9);

select pg_temp.answer('heavy', 'provider_unavailable') from generate_series(1, 3);
select results_eq(
  'select * from gemini', 'values (1, null::timestamptz, 0, false)',
  'one owner''s items close it to nobody, however many fail'
);
select pg_temp.answer('light', 'provider_unavailable');
select results_eq(
  'select * from gemini', 'values (2, null::timestamptz, 0, false)',
  'nor do two owners'' where three are asked for'
);
select pg_temp.answer('light', 'video_unreadable');
select results_eq(
  'select * from gemini', 'values (0, null::timestamptz, 0, false)', 'an answer clears all'
);
select pg_temp.claim(9);
select pg_temp.answer(owner, 'provider_unavailable')
from unnest(array['heavy', 'light', 'third']) as owner;
select results_eq(
  'select * from gemini', $$ values (3, '2030-01-01 00:00:30+00'::timestamptz, 0, false) $$,
  'the third owner without an answer in between opens the circuit'
);
select is_empty('select pg_temp.claim(9)', 'while it is open nothing is claimed');
select is_empty('select * from pipeline.claim_ssml(9)', 'of any stage that asks this provider');

-- A probe.
set local pipeline.now = '2030-01-01 00:00:30+00';
select pg_temp.answer('heavy', 'out_of_time') from generate_series(1, 2);
create temp table probe on commit drop as
select c.id, c.lease_token, c.user_id from pipeline.claim_analysis(9) as c;
select results_eq('select count(*) from probe', 'values (1::bigint)', 'then one item probes');
select is_empty('select pg_temp.claim(9)', 'and nobody else before it is answered');
select pipeline.defer('analysis', id, lease_token, 'out_of_time', 'Too late.', 1) from probe;
select results_eq(
  'select * from gemini', $$ values (3, '2030-01-01 00:00:30+00'::timestamptz, 0, false) $$,
  'one that never asked is given back, and counts for nothing'
);
delete from probe;
insert into probe select c.id, c.lease_token, c.user_id from pipeline.claim_analysis(9) as c;
select results_eq('select probing from gemini', 'values (true)', 'the next one probes at once');
select pipeline.defer('analysis', id, lease_token, 'provider_unavailable', 'No.', 1) from probe;
select results_eq(
  'select open_until, probes, probing from gemini',
  $$ values ('2030-01-01 00:01:30+00'::timestamptz, 1, false) $$,
  'one that failed doubles the time'
);
set local pipeline.now = '2030-01-01 00:01:30+00';
create temp table second on commit drop as
select c.id, c.lease_token, c.user_id from pipeline.claim_analysis(9) as c;
select results_eq(
  'select s.user_id <> p.user_id from second as s cross join probe as p', 'values (true)',
  'the next probe is another owner''s'
);

-- A late word of an item that was claimed before changes nothing; the probe's does.
select pipeline.defer('analysis', id, lease_token, 'provider_unavailable', 'No.', 1) from items
where lease_token is not null and id not in (select s.id from second as s) limit 1;
select results_eq(
  'select probes, probing from gemini', 'values (1, true)', 'a late failure is no probe''s'
);
select pipeline.fail('analysis', id, lease_token, 'reply_invalid', 'No.', false) from second;
select results_eq(
  'select * from gemini', 'values (0, null::timestamptz, 0, false)',
  'an answer to the probe closes the circuit, also where the item fails'
);
select isnt_empty('select pg_temp.claim(9)', 'and all go on');

-- A probe that vanishes, and the longest time.
update pipeline.provider_limits
set open_until = pipeline.now(), probes = 9, probe_token = gen_random_uuid(),
  probe_until = pipeline.now() + interval '10 seconds', failing_users = array[md5('light')::uuid]
where provider = 'gemini';
select is_empty('select pg_temp.claim(9)', 'a probe is awaited');
set local pipeline.now = '2030-01-01 00:01:40+00';
create temp table third on commit drop as
select c.id, c.lease_token from pipeline.claim_analysis(9) as c;
select results_eq(
  'select count(*) from third', 'values (1::bigint)', 'until its lease ends: then another probes'
);
select pipeline.defer('analysis', id, lease_token, 'provider_unavailable', 'No.', 1) from third;
select results_eq(
  $$ select open_until - pipeline.now() from gemini $$, $$ values (interval '5 minutes') $$,
  'the circuit is never open longer than longest_open_seconds'
);
update pipeline.provider_limits set open_until = '2030-01-02 00:00:00+00'
where provider = 'gemini';
select isnt_empty(
  'select pg_temp.claim(9)', 'an opening that a clock has left in the far future holds nobody'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
