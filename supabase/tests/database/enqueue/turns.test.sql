-- Fair turns: whoever has one item is served next, however many somebody else has queued.
begin;
select plan(9);

select tests.queue();

select pg_temp.upload('heavy', 50);
select pg_temp.upload('light', 2);
select results_eq(
  $$ select name, turn - min(turn) over () from items
     where name in ('heavy 1', 'heavy 50', 'light 1', 'light 2') order by name $$,
  $$ values ('heavy 1', 0::bigint), ('heavy 50', 49), ('light 1', 0), ('light 2', 1) $$,
  'each owner queues up for itself'
);
select results_eq(
  'select pg_temp.claim(4)', $$ values ('heavy 1'), ('heavy 2'), ('light 1'), ('light 2') $$,
  'owners are served in turn'
);
select results_eq(
  'select pg_temp.claim(3)', $$ values ('heavy 3'), ('heavy 4'), ('heavy 5') $$,
  'and in their order'
);
select pg_temp.upload('third');
select results_eq(
  'select pg_temp.claim(2)', $$ values ('heavy 6'), ('third 1') $$,
  'who comes later does not wait for those who came before'
);
select pg_temp.upload('light', 3);
select results_eq(
  'select pg_temp.claim(4)', $$ values ('heavy 7'), ('heavy 8'), ('light 3'), ('light 4') $$,
  'nor does a rest save up turns'
);

-- What comes back queues up as new work.
select pipeline.fail('analysis', id, lease_token, 'x', 'No.', true) from items
where name in ('heavy 1', 'heavy 2');
set local pipeline.now = '2030-01-01 00:00:05+00';
select results_eq(
  'select pg_temp.claim(2)', $$ values ('heavy 9'), ('light 5') $$,
  'one owner''s failures do not come before another''s first try'
);
select results_eq(
  $$ select count(*) from items where name in ('heavy 1', 'heavy 2')
       and turn > (select max(turn) from items where name like 'heavy %'
         and name not in ('heavy 1', 'heavy 2')) $$,
  'values (2::bigint)', 'nor before the rest of its own'
);

-- Begun anew, an item has all its attempts, and whoever held it is stale.
select pipeline.enqueue('analysis', array[id], array[user_id], array[1]::smallint[], 'Why.')
from items where name = 'heavy 3';
select results_eq(
  $$ select attempts::int, losses::int, rounds::int, refused::text, lease_token, turn is not null
     from pipeline.tasks
     where subject_id = (select id from items where name = 'heavy 3') and stage = 'analysis' $$,
  $$ values (0, 0, 1, 'Why.', null::uuid, true) $$, 'an item that is queued anew begins anew'
);
update public.analysis_jobs set status = 'queued', attempts = 0
where id = (select id from items where name = 'heavy 3');

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
