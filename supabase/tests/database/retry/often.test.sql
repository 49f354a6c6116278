-- An owner retries an item so often; an operator as often as needed.
begin;
select plan(8);

select tests.queue();

update pipeline.stages set max_retries = 2 where stage = 'analysis';
select pg_temp.upload('heavy', 2);
create function pg_temp.fail_all()
returns void language plpgsql as $$
begin
  perform pipeline.claim_analysis(8);
  perform pipeline.fail('analysis', t.subject_id, t.lease_token, 'x', 'No.', false)
  from pipeline.tasks as t where t.stage = 'analysis' and t.lease_token is not null;
end
$$;
create temp table ids on commit drop as select name, id from items;
grant select on ids to authenticated;
select pg_temp.fail_all();
select tests.act_as('heavy');
select results_eq(
  $$ select public.retry_analysis(id) from ids where name = 'heavy 1' $$, $$ values ('queued') $$,
  'once'
);
reset role;
select pg_temp.fail_all();
set local role authenticated;
select results_eq(
  $$ select public.retry_analysis(id) from ids where name = 'heavy 1' $$, $$ values ('queued') $$,
  'twice'
);
select throws_ok(
  $$ select public.retry_analysis(id) from ids where name = 'heavy 1' $$, 'SL001', null,
  'what has not failed is not counted'
);
reset role;
select pg_temp.fail_all();
set local role authenticated;
select throws_ok(
  $$ select public.retry_analysis(id) from ids where name = 'heavy 1' $$,
  'PT429', 'this was retried 2 times already', 'and no more'
);
select results_eq(
  $$ select public.retry_analysis(id) from ids where name = 'heavy 2' $$, $$ values ('queued') $$,
  'each item by itself'
);
reset role;
select results_eq(
  $$ select status::text from items where name = 'heavy 1' $$, $$ values ('failed') $$,
  'what was refused has not been queued'
);
select results_eq(
  $$ select pipeline.requeue_analysis(id) from ids where name = 'heavy 1' $$,
  $$ values ('queued') $$, 'an operator is not counted'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
