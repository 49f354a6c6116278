-- When dispatch() calls: debounce, patience, ready work against live leases, and its settings.
begin;
select plan(22);

select tests.all_stages(10);

delete from vault.secrets where name in ('sideline_project_url', 'sideline_secret_key');
select vault.create_secret('https://project.example', 'sideline_project_url');
select vault.create_secret('sb_secret_test', 'sideline_secret_key');
update pipeline.stage_clocks set woken_at = '-infinity';
update pipeline.stages set enabled = (stage = 'ssml');

-- One tick of cron at a time of the first minute: ready items of ssml, and whether it was called.
create function pg_temp.tick(second numeric)
returns table (ready int, called boolean) language plpgsql as $$
begin
  perform set_config('pipeline.now', (timestamptz '2030-01-01 00:00:00+00'
    + make_interval(secs => tick.second::float8))::text, true);
  return query select d.ready, d.called from pipeline.dispatch() as d where d.stage = 'ssml';
end
$$;
create temp view calls as
select count(*)::int as calls from net.http_request_queue
where url = 'https://project.example/functions/v1/ssmlWorker';

select results_eq(
  'select * from pg_temp.tick(0)', 'values (10, true)', 'ready work is called for at the next tick'
);

-- Debounce.
select results_eq(
  'select * from pg_temp.tick(0.499)', 'values (10, null::boolean)', 'within the debounce not again'
);
select results_eq('select * from pg_temp.tick(0.5)', 'values (10, true)', 'then it is');
update pipeline.stages set debounce_seconds = 5 where stage = 'ssml';
select results_eq(
  'select * from pg_temp.tick(5.4)', 'values (10, null::boolean)', 'a longer debounce is kept'
);
select results_eq('select * from calls', 'values (2)', 'so far two calls were made');
update pipeline.stages set debounce_seconds = 0 where stage = 'ssml';
select results_eq(
  'select * from pg_temp.tick(5.5) union all select * from pg_temp.tick(5.5)',
  'values (10, true), (10, true)', 'and none means that every tick may call'
);

-- Live leases stand for workers that come back for more.
select count(*) from pipeline.claim_ssml(4, 3600);
update pipeline.stages set debounce_seconds = 0.5, patience_seconds = 3600 where stage = 'ssml';
select results_eq(
  'select * from pg_temp.tick(7)', 'values (6, true)', 'six are ready, four are leased: called'
);
select count(*) from pipeline.claim_ssml(1, 3600);
select results_eq(
  'select * from pg_temp.tick(8)', 'values (5, false)', 'five ready and five leased: not called'
);
update pipeline.stages set patience_seconds = 9 where stage = 'ssml';
select results_eq(
  'select * from pg_temp.tick(8.999)', 'values (5, false)',
  'those who hold the leases have the stage''s patience to come for it'
);
select results_eq(
  'select * from pg_temp.tick(9)', 'values (5, true)', 'then another worker is called'
);
select results_eq(
  'select * from pg_temp.tick(9.4)', 'values (5, null::boolean)', 'impatience keeps to the debounce'
);

-- A clock that went back by seconds.
select results_eq(
  'select * from pg_temp.tick(9.4) union all select * from pg_temp.tick(4)',
  'values (5, null::boolean), (5, false)', 'work that has waited for less is not called for'
);
update pipeline.stages set patience_seconds = 0 where stage = 'ssml';
select results_eq(
  'select * from pg_temp.tick(4)', 'values (5, true)',
  'but the last call, which is in the future now, does not stop the next one'
);

-- A retry whose backoff ends, and a lease that does.
select count(*) from pipeline.claim_ssml(5, 6);
select pipeline.release('ssml', subject_id, lease_token) from pipeline.tasks
where stage = 'ssml' and available_at = '2030-01-01 00:00:10+00' order by subject_id desc limit 1;
update pipeline.tasks set turn = null, available_at = '2030-01-01 00:00:12+00'
where stage = 'ssml' and turn is not null;
update pipeline.stages set patience_seconds = 2 where stage = 'ssml';
select results_eq(
  'select * from pg_temp.tick(9.999)', 'values (0, false)', 'leases that run call nobody'
);
select results_eq(
  'select * from pg_temp.tick(10)', 'values (4, true)',
  'when four have ended, their worker is gone, whatever other leases are live'
);
select results_eq(
  'select * from pg_temp.tick(12)', 'values (5, true)',
  'a retry is ready the moment its backoff ends, and the others have waited long enough'
);

-- Switches and caps.
update pipeline.stages set enabled = false where stage = 'ssml';
select results_eq(
  'select * from pg_temp.tick(13)', 'values (5, false)', 'a paused stage is not called'
);
update pipeline.stages set enabled = true, max_concurrency = 5, max_concurrency_per_user = 64
where stage = 'ssml';
select results_eq('select * from pg_temp.tick(14)', 'values (5, false)', 'nor one at its cap');
update pipeline.stages set max_concurrency = 6 where stage = 'ssml';
select results_eq('select * from pg_temp.tick(15)', 'values (5, true)', 'below it, it is');
update pipeline.stages set max_concurrency = 64, max_concurrency_per_user = 5
where stage = 'ssml';
select results_eq(
  'select called from pg_temp.tick(16)', 'values (false)',
  'nor one whose ready items are all of owners at their cap'
);
update pipeline.stages set max_concurrency_per_user = 6 where stage = 'ssml';
select results_eq(
  'select called from pg_temp.tick(17)', 'values (true)', 'where one of them is below it, it is'
);
select results_eq('select * from calls', 'values (11)', 'eleven calls in all');

select * from finish();
rollback;
