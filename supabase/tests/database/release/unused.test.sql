-- A worker that is told to stop hands back what it has not used.
begin;
select plan(5);

select tests.queue();

select pg_temp.upload('heavy', 3);
select pg_temp.claim(1);
select results_eq(
  $$ select pipeline.release('analysis', id, gen_random_uuid()) from items
     where name = 'heavy 1' $$,
  $$ values ('stale') $$, 'a wrong token changes nothing'
);
select results_eq(
  $$ select pipeline.release('analysis', id, lease_token) from items where name = 'heavy 1' $$,
  $$ values ('queued') $$, 'the holder hands it back'
);
select results_eq(
  $$ select status::text, attempts, error_code, lease_token from items where name = 'heavy 1' $$,
  $$ values ('queued', 0, null::text, null::uuid) $$, 'which is no attempt, and no error'
);
select results_eq('select pg_temp.claim(1)', $$ values ('heavy 1') $$, 'it is the next again');

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
