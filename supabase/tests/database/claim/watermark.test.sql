-- Claims begin to look at the watermark; once a second one looks below it, so that what committed
-- late, with a turn that was passed already, is not left behind.
begin;
select plan(13);

delete from public.video_recordings;
select tests.users('owner');
create function pg_temp.at(second numeric)
returns void language sql as $$
  select set_config('pipeline.now', (timestamptz '2030-01-01 00:00:00+00'
    + make_interval(secs => at.second::float8))::text, true)
$$;
create temp view clock as
select c.from_turn, c.next_turn from pipeline.stage_clocks as c where c.stage = 'ssml';

-- Tasks need no items for this: it is about turns alone.
create function pg_temp.add(turns bigint[])
returns void language sql as $$
  insert into pipeline.tasks (stage, subject_id, user_id, turn, available_at)
  select 'ssml', -t, md5('owner')::uuid, t, pipeline.now() from unnest(turns) as t
$$;
create function pg_temp.pick(items int)
returns bigint[] language sql as $$
  select p.ids from pipeline.pick('ssml', items, 60, null, false) as p
$$;

select pg_temp.at(0);
select setval('pipeline.ssml_served_turn', 1);
update pipeline.stage_clocks set from_turn = 0, next_turn = 0, moved_at = '-infinity',
  looked_at = '-infinity';
select pg_temp.add(array[10, 20, 30]::bigint[]);
select is(pg_temp.pick(1), array[-10]::bigint[], 'the lowest turn comes first');
select results_eq('select * from clock', 'values (0::bigint, 1::bigint)',
  'the first claim in a while moves the watermark to where claims were before');
delete from pipeline.tasks where turn = 10;
select pg_temp.at(0.05);
select is(pg_temp.pick(1), array[-20]::bigint[], 'claims soon after go on from there');
select results_eq('select * from clock', 'values (0::bigint, 1::bigint)', 'and leave it');
delete from pipeline.tasks where turn = 20;

select pg_temp.at(1);
select is(pg_temp.pick(1), array[-30]::bigint[], 'so does the first after that');
select results_eq('select * from clock', 'values (1::bigint, 20::bigint)',
  'which moves it: a turn is passed only after a whole tenth of a second');
delete from pipeline.tasks where turn = 30;

-- Turn 5 is committed only now.
update pipeline.stage_clocks set from_turn = 25, next_turn = 30 where stage = 'ssml';
select pg_temp.add(array[5, 40]::bigint[]);
select pg_temp.at(1.5);
select is(pg_temp.pick(1), array[-40]::bigint[], 'a claim within the second passes it over');
select pg_temp.at(2);
select is(pg_temp.pick(1), array[-5]::bigint[], 'the first of the next second finds it');
select results_eq('select * from clock', 'values (5::bigint, 5::bigint)',
  'and has the others look there, too: where one came late there may be more');

-- What a transaction that is held open keeps from being cleaned away, deleted in this one.
delete from pipeline.tasks;
select pg_temp.add(array(select generate_series(1000, 42000)));
delete from pipeline.tasks;
select pg_temp.add(array[50000]::bigint[]);
select pg_temp.at(10);
select is(pg_temp.pick(1), array[-50000]::bigint[], 'who walks over 41,000 remains finds the next');
select is(c.pause_seconds, 2, 'and has the others not do so for two seconds')
from pipeline.stage_clocks as c where c.stage = 'ssml';
update pipeline.stage_clocks set from_turn = 6000 where stage = 'ssml';
select pg_temp.add(array[5]::bigint[]);
select pg_temp.at(11.5);
select is(pg_temp.pick(1), array[-50000]::bigint[], 'so what is below waits for that long');
select pg_temp.at(12);
select is(pg_temp.pick(1), array[-5]::bigint[], 'and no longer');

select * from finish();
rollback;
