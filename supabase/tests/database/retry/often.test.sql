-- An owner retries an item so often; an operator as often as needed.
begin;
select plan(8);

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
select set_config('request.jwt.claims',
  json_build_object('sub', md5('heavy')::uuid, 'role', 'authenticated')::text, true);

set local role authenticated;
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
