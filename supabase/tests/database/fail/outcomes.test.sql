-- The item's own fault: again after a growing wait while attempts are left, else failed for good.
begin;
select plan(9);

select tests.queue();

update pipeline.stages set backoff_base_seconds = 2, backoff_cap_seconds = 5, max_attempts = 4
where stage = 'analysis';
select pg_temp.upload('heavy', 3);
set local role service_role;
select results_eq(
  $$ select pipeline.fail('analysis', (select id from pipeline.claim_analysis(1)),
       gen_random_uuid(), 'x', 'No.', true) $$,
  $$ values ('stale') $$, 'a wrong token changes nothing'
);
reset role;
select results_eq(
  $$ select pipeline.fail('analysis', id, lease_token, null, repeat('x', 3000), true) from items
     where name = 'heavy 1' $$,
  $$ values ('queued') $$, 'a failure that may pass queues it again'
);
select results_eq(
  $$ select status::text, attempts, error_code, length(last_error), lease_token, turn,
       available_at between pipeline.now() + interval '1 second'
         and pipeline.now() + interval '2 seconds'
     from items where name = 'heavy 1' $$,
  $$ values ('queued', 1, 'internal_error', 500, null::uuid, null::bigint, true) $$,
  'after half to all of the first wait; its owner sees why, in short'
);
select results_eq(
  'select pg_temp.claim(8)', $$ values ('heavy 2'), ('heavy 3') $$, 'until then it is not claimed'
);
select pipeline.fail('analysis', id, lease_token, 'video_unreadable', 'Broken.', false) from items
where name = 'heavy 2';
select results_eq(
  $$ select status::text, attempts, error_code, last_error from items where name = 'heavy 2' $$,
  $$ values ('failed', 1, 'video_unreadable', 'Broken.') $$, 'what cannot pass fails at once'
);

-- The next waits, to the cap, and the last attempt.
create temp table waits (attempt int, seconds numeric) on commit drop;
do $$
begin
  for v_attempt in 2 .. 4 loop
    perform set_config('pipeline.now', (pipeline.now() + interval '6 seconds')::text, true);
    perform pipeline.claim_analysis(1);
    perform pipeline.fail('analysis', id, lease_token, 'x', 'No.', true) from items
    where name = 'heavy 1';
    insert into waits
    select v_attempt, extract(epoch from available_at - pipeline.now()) from items
    where name = 'heavy 1' and status = 'queued';
  end loop;
end
$$;
select results_eq(
  $$ select attempt, case attempt when 2 then seconds between 2 and 4
       else seconds between 2.5 and 5 end from waits order by attempt $$,
  'values (2, true), (3, true)', 'waits double, to the cap'
);
select results_eq(
  $$ select status::text, attempts, error_code from items where name = 'heavy 1' $$,
  $$ values ('failed', 4, 'x') $$, 'the last attempt is the last'
);

-- An operator lowers the number of attempts.
update pipeline.stages set max_attempts = 1 where stage = 'analysis';
select results_eq(
  $$ select pipeline.fail('analysis', id, lease_token, 'x', 'No.', true) from items
     where name = 'heavy 3' $$,
  $$ values ('failed') $$, 'a lowered maximum holds from the next failure on'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
