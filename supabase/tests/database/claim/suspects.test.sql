-- What workers vanish with takes no other item along, and fails by itself in the end.
begin;
select plan(20);

select tests.queue();

update pipeline.stages set max_losses = 2 where stage = 'analysis';
select pg_temp.upload('heavy', 2);
select pg_temp.upload('light', 2);
-- The next claim after the leases of all have ended.
create function pg_temp.later()
returns text language sql as $$
  select set_config('pipeline.now',
    (current_setting('pipeline.now')::timestamptz + interval '61 seconds')::text, true)
$$;
select results_eq(
  'select pg_temp.claim(4)', $$ values ('heavy 1'), ('heavy 2'), ('light 1'), ('light 2') $$,
  'a worker takes a batch, and vanishes'
);
select pg_temp.later();
select pg_temp.upload('third');
select results_eq(
  'select pg_temp.claim(8)', $$ values ('heavy 1') $$, 'its first item is claimed by itself'
);
select results_eq(
  $$ select status::text, attempts, losses from items where name = 'heavy 1' $$,
  $$ values ('processing', 1, 1) $$, 'which is no further attempt: it may have done nothing'
);
select results_eq(
  'select pg_temp.claim(8, true)', $$ values ('heavy 2') $$,
  'a first loss may be anybody''s: busy workers go on with the others, one by one'
);
select results_eq('select pg_temp.claim(8)', $$ values ('light 1') $$, 'one');
select results_eq('select pg_temp.claim(8)', $$ values ('light 2') $$, 'by one');
select results_eq(
  'select pg_temp.claim(8)', $$ values ('third 1') $$, 'before what nobody was lost with'
);

-- All but one survive.
select pipeline.fail('analysis', id, lease_token, 'video_unreadable', 'No.', false) from items
where name like 'light%';
select pipeline.release('analysis', id, lease_token) from items
where name in ('heavy 2', 'third 1');
select results_eq(
  $$ select losses from items where name = 'heavy 2' $$, 'values (0)',
  'who survives an item clears it of suspicion'
);
select results_eq(
  'select pg_temp.claim(8, true)', $$ values ('third 1') $$,
  'but a busy worker is given nothing of an owner with whose items one vanished'
);
create temp table apart on commit drop as select * from pipeline.claim_analysis(8);
select results_eq(
  'select i.name, c.alone from apart as c join items as i using (id)',
  $$ values ('heavy 2', true) $$, 'one that holds nothing gets them, and no others beside'
);
select pipeline.fail('analysis', id, lease_token, 'video_unreadable', 'No.', false) from items
where name in ('heavy 2', 'third 1');

select pg_temp.later();
select pg_temp.upload('third', 1);
select is_empty(
  'select pg_temp.claim(8, true)',
  'after a second loss a busy worker does not get it, and nothing else: it finishes and takes it'
);
create temp table claimed on commit drop as select * from pipeline.claim_analysis(8);
select results_eq(
  'select i.name, c.alone, c.attempt from claimed as c join items as i using (id)',
  $$ values ('heavy 1', true, 1) $$, 'one that holds nothing gets it, and is told'
);
select results_eq('select pg_temp.claim(8, true)', $$ values ('third 2') $$, 'others go on');
select pipeline.fail('analysis', id, lease_token, 'video_unreadable', 'No.', false) from items
where name = 'third 2';
select pg_temp.later();
select is_empty('select * from pipeline.sweep() where swept > 0', 'it is tried again');
select results_eq('select pg_temp.claim(8)', $$ values ('heavy 1') $$, 'alone');
select pg_temp.later();
select results_eq(
  $$ select swept from pipeline.sweep() where stage = 'analysis' $$, 'values (1)',
  'until max_losses workers have vanished that held nothing else'
);
select results_eq(
  $$ select status::text, error_code, last_error, attempts, turn from items where name = 'heavy 1' $$,
  $$ values ('failed', 'lease_expired',
     'The worker vanished 2 times while it worked on nothing else.', 1, null::bigint) $$,
  'then it fails by itself, and says why'
);
select is_empty('select pg_temp.claim(8)', 'nothing of it is left in the queue');

-- Long after the last loss.
select set_config('pipeline.now',
  (current_setting('pipeline.now')::timestamptz + interval '10 minutes')::text, true);
select pg_temp.upload('heavy', 1);
select pg_temp.upload('third', 1);
select results_eq(
  'select pg_temp.claim(8)', $$ values ('heavy 3'), ('third 3') $$,
  'ten minutes later an owner is claimed with others again'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
