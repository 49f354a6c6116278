-- A worker that is told to stop hands back what it has not used.
begin;
select plan(5);

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

select pg_temp.upload('heavy', 3);
select pg_temp.claim(1);
select results_eq(
  $$ select pipeline.release('analysis', id, gen_random_uuid()) from items
     where name = 'heavy 1' $$,
  $$ values ('stale') $$, 'a wrong token changes nothing'
);
select results_eq(
  $$ select pipeline.release('analysis', id, lease_token) from items where name = 'heavy 1' $$,
  $$ values ('queued') $$, 'the holder hands it back'
);
select results_eq(
  $$ select status::text, attempts, error_code, lease_token from items where name = 'heavy 1' $$,
  $$ values ('queued', 0, null::text, null::uuid) $$, 'which is no attempt, and no error'
);
select results_eq('select pg_temp.claim(1)', $$ values ('heavy 1') $$, 'it is the next again');

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;
