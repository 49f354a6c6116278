-- A sweep takes a bounded number of what has come due, and of nothing else.
begin;
select plan(8);

select tests.queue();

update pipeline.stages
set max_concurrency = 10000, daily_attempts_per_user = null, lease_seconds = 60
where stage = 'analysis';
select pg_temp.upload('heavy', 1200);
select results_eq(
  'select count(*) from pg_temp.claim(1000)', 'values (1000::bigint)', 'many leases are held'
);
select pg_temp.claim(200);
set local pipeline.now = '2030-01-01 00:00:59.9+00';
select pipeline.sweep();
select results_eq(
  'select count(*) from items where turn is not null', 'values (0::bigint)',
  'what has not ended is left alone'
);
set local pipeline.now = '2030-01-01 00:01:00+00';
select pipeline.sweep();
select results_eq(
  'select count(*), min(losses), max(losses) from items where turn is not null',
  'values (1000::bigint, 1, 1)', 'a thousand ended leases a time'
);
select pipeline.sweep();
select results_eq(
  $$ select count(*), bool_and(status = 'processing' and lease_token is not null) from items
     where turn is not null $$,
  'values (1200::bigint, true)', 'then the rest; they keep their tokens until the next claim'
);

-- Delays.
select pipeline.enqueue('analysis', array_agg(id), array_agg(user_id)) from items;
update public.analysis_jobs set status = 'queued', attempts = 0;
update pipeline.tasks set turn = null, available_at = '2030-01-01 00:02:00+00'
where stage = 'analysis';
select pipeline.sweep();
select is_empty('select from items where turn is not null', 'a delay that is not over stays');
set local pipeline.now = '2030-01-01 00:02:00+00';
select results_eq(
  'select stage, swept from pipeline.sweep()',
  'select s.stage, 0 from pipeline.stages as s where s.is_claimed order by s.place',
  'a sweep tells of each stage that workers claim how many items failed'
);
select results_eq(
  'select count(*), count(distinct turn) from items where turn is not null',
  'values (1200::bigint, 1200::bigint)', 'one that is over gets a turn of its own'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
