-- The item's own fault: again after a growing wait while attempts are left, else failed for good.
begin;
select plan(9);

delete from public.video_recordings;
insert into auth.users (id, email)
select md5(name)::uuid, name || '@example.com' from unnest(array['heavy', 'light', 'third']) as name;
set local pipeline.now = '2030-01-01 00:00:00+00';
create function pg_temp.upload(owner text, count int default 1)
returns void language sql as $$
  insert into public.video_recordings (user_id, filename, storage_path, upload_status)
  select md5(owner)::uuid, 'a.mp4', md5(owner)::uuid || '/' || gen_random_uuid(), 'completed'
  from generate_series(1, count)
$$;
-- Analyses by name, e.g. 'heavy 1', with what the queue knows of them.
create temp view items as
select split_part(u.email, '@', 1) || ' '
    || row_number() over (partition by j.user_id order by j.id) as name,
  j.id, j.user_id, j.status, j.attempts, j.error_code, j.last_error, t.turn, t.lease_token,
  t.available_at, t.losses::int, t.deferred_seconds, t.progress, t.parked
from public.analysis_jobs as j
join auth.users as u on u.id = j.user_id
left join pipeline.tasks as t on t.stage = 'analysis' and t.subject_id = j.id;
create function pg_temp.claim(batch_size int, busy boolean default false)
returns setof text language sql as $$
  select i.name from pipeline.claim_analysis(batch_size, busy => claim.busy) as c
  join items as i using (id) order by i.name collate "C"
$$;

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
