-- The holder of a lease makes it longer, also when it has ended and nobody has claimed the item.
begin;
select plan(12);

select tests.queue();

select pg_temp.upload('heavy', 2);
select pg_temp.claim(1);
create temp table held on commit drop as select id, lease_token from items where name = 'heavy 1';
select throws_ok(
  $$ select pipeline.extend('analysis', id, lease_token, 0) from held $$, 'SL003', null,
  'a lease lasts a second'
);
select throws_ok(
  $$ select pipeline.extend('analysis', id, lease_token, 3601) from held $$, 'SL003', null,
  'and at most an hour'
);
select results_eq(
  $$ select pipeline.extend('analysis', id, gen_random_uuid()) from held $$,
  $$ values (null::timestamptz) $$, 'a wrong token gets none'
);
set local pipeline.now = '2030-01-01 00:00:50+00';
select results_eq(
  $$ select pipeline.extend('analysis', id, lease_token, null, '{"file": "f"}') from held $$,
  $$ values ('2030-01-01 00:01:10+00'::timestamptz) $$,
  'the lease ends as long after now as a claim''s'
);
set local pipeline.now = '2030-01-01 00:01:10+00';
select pipeline.sweep();
select results_eq(
  $$ select status::text, turn is not null, losses from items where name = 'heavy 1' $$,
  $$ values ('processing', true, 1) $$, 'one that has ended is ready, and keeps its holder'
);
select results_eq(
  $$ select pipeline.extend('analysis', id, lease_token, 30) from held $$,
  $$ values ('2030-01-01 00:01:40+00'::timestamptz) $$, 'who was only late has it again'
);
select results_eq(
  $$ select losses from items where name = 'heavy 1' $$, 'values (0)', 'and has not vanished'
);
select results_eq('select pg_temp.claim(8)', $$ values ('heavy 2') $$, 'nobody else gets it');
set local pipeline.now = '2030-01-01 00:01:40+00';
create temp table second on commit drop as select * from pipeline.claim_analysis(1);
select results_eq(
  'select id, attempt, progress::jsonb from second',
  $$ select id, 1, '{"file": "f"}'::jsonb from held $$,
  'the next holder is given what was reached'
);
select results_eq(
  $$ select pipeline.extend('analysis', id, lease_token) from held $$,
  $$ values (null::timestamptz) $$, 'and the first one has lost it'
);
select results_eq(
  $$ select pipeline.fail('analysis', id, lease_token, 'x', 'No.', false) from held $$,
  $$ values ('stale') $$, 'for good'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
