-- check_rate_limit: so many in a period, and no more rows than subjects.
begin;
select plan(7);

set local pipeline.now = '2030-01-01 00:00:00+00';

select results_eq(
  $$ select pipeline.check_rate_limit('owner', 2, '1 hour') from generate_series(1, 4) $$,
  $$ values (true), (true), (false), (false) $$, 'two may, the third and fourth may not'
);
select ok(pipeline.check_rate_limit('stranger', 2, '1 hour'), 'which is nothing to somebody else');
select results_eq(
  $$ select subject, count, ends_at from pipeline.rate_limits where subject = 'owner' $$,
  $$ values ('owner', 2, '2030-01-01 01:00:00+00'::timestamptz) $$,
  'what is refused is not counted, and puts off no end'
);
select ok(not pipeline.check_rate_limit('nobody', 0, '1 hour'), 'a limit of none lets none through');

set local pipeline.now = '2030-01-01 01:00:00+00';
select results_eq(
  $$ select pipeline.check_rate_limit('owner', 2, '1 hour') from generate_series(1, 3) $$,
  $$ values (true), (true), (false) $$, 'after its period it begins anew'
);

set local pipeline.now = '2030-01-01 00:59:59+00';
select ok(
  not pipeline.check_rate_limit('owner', 2, '1 hour'),
  'a transaction that began before the period does not begin it anew'
);

set local pipeline.now = '2029-12-01 00:00:00+00';
select ok(
  pipeline.check_rate_limit('owner', 2, '1 hour'), 'a clock that was set back holds nobody'
);

select * from finish();
rollback;
