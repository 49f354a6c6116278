-- A death beside deaths of others may be nobody's fault: it takes many more to fail an item.
begin;
select plan(8);

select tests.queue();

update pipeline.stages set max_losses = 1 where stage = 'analysis';
-- So many times a worker each takes what is ready, one by one, and all of them vanish.
create function pg_temp.die(times int)
returns bigint language plpgsql as $$
begin
  for v_time in 1 .. times loop
    while exists (select from pipeline.claim_analysis(1)) loop end loop;
    perform set_config('pipeline.now',
      (current_setting('pipeline.now')::timestamptz + interval '61 seconds')::text, true);
    perform pipeline.sweep();
  end loop;
  return (select count(*) from items where status = 'failed');
end
$$;

select pg_temp.upload('heavy');
select results_eq(
  'select pg_temp.die(2)', 'values (0::bigint)', 'two workers may have died of something else'
);
select results_eq(
  'select pg_temp.die(1)', 'values (1::bigint)', 'what kills the third one, alone, is dead'
);

select pg_temp.upload('heavy');
select pg_temp.upload('light');
select results_eq(
  'select pg_temp.die(4)', 'values (1::bigint)', 'where two items lose their workers neither is'
);
select pipeline.claim_analysis(2);
select results_eq(
  $$ select pipeline.release('analysis', id, lease_token) from items where name = 'light 1' $$,
  $$ values ('queued') $$, 'until a worker comes back with one of them'
);
select pipeline.defer('analysis', id, lease_token, 'provider_unavailable', 'No.', 1000)
from pipeline.claim_analysis(2);
select results_eq(
  'select pg_temp.die(1)', 'values (2::bigint)', 'and the other one kills its next'
);
select results_eq(
  $$ select last_error from items where name = 'heavy 2' $$,
  $$ values ('The worker vanished 3 times while it worked on nothing else.') $$,
  'which is said with the number of those that held nothing else'
);

select pg_temp.upload('third', 2);
select results_eq(
  $$ select pg_temp.die(5) union all select pg_temp.die(1) $$,
  'values (2::bigint), (4)', 'two that kill all their workers fail in the end'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
