-- Slots: so many live leases of a stage, and at most half of them for one owner.
begin;
select plan(13);

select tests.queue();

update pipeline.stages
set max_concurrency = 8, daily_attempts_per_user = null where stage = 'analysis';
select pg_temp.upload('heavy', 300);
select results_eq(
  'select count(*) from pg_temp.claim(20)', 'values (4::bigint)',
  'one owner''s items hold half of the slots, however many are ready'
);
select is_empty('select pg_temp.claim(20)', 'and no more');
select pg_temp.upload('light', 2);
select results_eq(
  'select pg_temp.claim(20)', $$ values ('light 1'), ('light 2') $$,
  'who comes behind hundreds of them is served at once'
);
select pg_temp.upload('third', 5);
select results_eq(
  'select pg_temp.claim(20)', $$ values ('third 1'), ('third 2') $$,
  'until all slots are taken'
);
select is_empty('select pg_temp.claim(20)', 'then nobody gets any');

-- Room is made by an end of a lease, of any kind.
select pipeline.fail('analysis', id, lease_token, 'video_unreadable', 'No.', false) from items
where name = 'third 1';
select results_eq(
  'select pg_temp.claim(20)', $$ values ('third 3') $$, 'an ended lease makes room for another'
);
update pipeline.stages set max_concurrency_per_user = 5, max_concurrency = 20
where stage = 'analysis';
select results_eq(
  'select pg_temp.claim(20)', $$ values ('heavy 5'), ('third 4'), ('third 5') $$,
  'a share that is set holds instead of the half'
);
update pipeline.stages set max_concurrency_per_user = 1 where stage = 'analysis';
select is_empty('select pg_temp.claim(20)', 'a cap below what is live waits');
update pipeline.stages set max_concurrency_per_user = 5 where stage = 'analysis';
set local pipeline.now = '2030-01-01 00:01:00+00';
select results_eq(
  'select count(*) from pg_temp.claim(20)', 'values (5::bigint)', 'expired leases hold no slot'
);

-- A lease that has ended is its worker's until the next claim, who may extend it.
delete from public.video_recordings;
select pg_temp.upload('heavy', 3);
update pipeline.stages set max_concurrency_per_user = 2, max_concurrency = 2
where stage = 'analysis';
select results_eq(
  'select pg_temp.claim(2)', $$ values ('heavy 1'), ('heavy 2') $$, 'two slots hold two items'
);
set local pipeline.now = '2030-01-01 00:02:00+00';
select pg_temp.claim(2);
select pipeline.count_leases('analysis', pipeline.now(), false, 2, 2);
select pipeline.extend('analysis', id, lease_token) from items where name = 'heavy 2';
select is_empty('select pg_temp.claim(2)', 'a lease that is extended late holds its slot again');

-- Without caps nothing is counted.
delete from public.video_recordings;
select pg_temp.upload('heavy', 30);
update pipeline.stages set max_concurrency_per_user = null, max_concurrency = null
where stage = 'analysis';
select results_eq(
  'select count(*) from pg_temp.claim(100)', 'values (30::bigint)', 'null is any number of slots'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
