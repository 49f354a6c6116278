-- Not the item's fault: the attempt is given back, the waits grow, and their sum is bounded.
begin;
select plan(17);

select tests.queue();

update pipeline.stages set max_deferred_seconds = 100, backoff_base_seconds = 4
where stage = 'analysis';
select pg_temp.upload('heavy', 4);
select pg_temp.claim(3);
create function pg_temp.defer(name text, variadic arguments text[])
returns text language sql as $$
  select pipeline.defer('analysis', i.id, i.lease_token, 'provider_unavailable', 'No answer.',
    arguments[1]::numeric, arguments[2]::numeric, arguments[3]::jsonb)
  from items as i where i.name = defer.name
$$;
select throws_ok(
  $$ select pg_temp.defer('heavy 1', '-1', null, null) $$, 'SL003', null, 'no wait is negative'
);
select throws_ok(
  $$ select pg_temp.defer('heavy 1', 'NaN', null, null) $$, 'SL003', null, 'nor no number'
);
select results_eq(
  $$ select pipeline.defer('analysis', id, gen_random_uuid(), 'x', 'No.') from items
     where name = 'heavy 1' $$,
  $$ values ('stale') $$, 'a wrong token changes nothing'
);
select results_eq(
  $$ select pg_temp.defer('heavy 1', '60', null, '{"file": "f"}') $$, $$ values ('queued') $$,
  'a worker defers what a provider does not take now'
);
select results_eq(
  $$ select status::text, attempts, error_code, last_error, available_at, deferred_seconds::int, progress::jsonb
     from items where name = 'heavy 1' $$,
  $$ values ('queued', 0, 'provider_unavailable', 'No answer.',
     '2030-01-01 00:01:00+00'::timestamptz, 60, '{"file": "f"}'::jsonb) $$,
  'for the time that it named, without an attempt, keeping what was reached'
);
select results_eq(
  $$ select pg_temp.defer('heavy 2', null, null, null) $$, $$ values ('queued') $$,
  'without a time'
);
select results_eq(
  $$ select available_at between pipeline.now() + interval '2 seconds'
       and pipeline.now() + interval '4 seconds' from items where name = 'heavy 2' $$,
  'values (true)', 'the wait is a backoff'
);
select results_eq(
  $$ select pg_temp.defer('heavy 3', '0', null, null) $$, $$ values ('queued') $$, 'no time at all'
);
select results_eq(
  $$ select available_at from items where name = 'heavy 3' $$,
  $$ values ('2030-01-01 00:00:01+00'::timestamptz) $$, 'is a second'
);

-- The second time in a row.
set local pipeline.now = '2030-01-01 00:01:00+00';
create temp table claimed on commit drop as
select c.*, i.name from pipeline.claim_analysis(8) as c join items as i using (id);
select results_eq(
  $$ select attempt, progress::jsonb from claimed where name = 'heavy 1' $$,
  $$ values (1, '{"file": "f"}'::jsonb) $$, 'the next attempt goes on from there'
);
select pg_temp.defer('heavy 2', null, null, null);
select results_eq(
  $$ select available_at between pipeline.now() + interval '4 seconds'
       and pipeline.now() + interval '8 seconds' from items where name = 'heavy 2' $$,
  'values (true)', 'waits grow'
);

-- The bound.
select results_eq(
  $$ select pg_temp.defer('heavy 1', '41', null, null) $$, $$ values ('failed') $$,
  'beyond max_deferred_seconds in all it fails'
);
select results_eq(
  $$ select status::text, error_code, last_error from items where name = 'heavy 1' $$,
  $$ values ('failed', 'deferred_too_long', 'No answer. This was tried for 00:01:00.') $$,
  'with a code of its own, and says how long was tried'
);
select results_eq(
  $$ select pg_temp.defer('heavy 3', '30', '20', null) $$, $$ values ('failed') $$,
  'a caller with less patience'
);
select results_eq(
  $$ select error_code from items where name = 'heavy 3' $$,
  $$ values ('provider_unavailable') $$, 'gives its own reason'
);
select results_eq(
  $$ select pg_temp.defer('heavy 4', '30', '120', null) $$, $$ values ('queued') $$,
  'and none has more than the stage'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
