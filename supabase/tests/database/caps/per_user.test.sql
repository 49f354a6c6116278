-- max_concurrency_per_user: so many live leases for one owner's items, and the others' go on.
begin;
select plan(36);

delete from public.video_recordings;
insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'heavy@example.com'),
  ('b0000000-0000-4000-8000-000000000002', 'light@example.com'),
  ('c0000000-0000-4000-8000-000000000003', 'third@example.com');
insert into public.video_recordings (id, user_id, filename, storage_path)
overriding system value
select -row_number() over (order by u.id), u.id, 'a.mp4', u.id || '/a.mp4'
from auth.users as u
where u.email in ('heavy@example.com', 'light@example.com', 'third@example.com');
insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status)
overriding system value
select v.id, v.id, v.user_id, '{}', 'completed' from public.video_recordings as v;
set local pipeline.now = '2030-01-01 00:00:00+00';

create temp table stages on commit drop as
select s.stage from (values ('analysis'), ('ssml'), ('audio')) as s (stage);

-- Queues items `first` to `last` of each owner in one statement, owner by owner in turn. Items of
-- light are those from 100,000 on, those of third from 200,000 on.
create function pg_temp.enqueue(stage text, owners text[], first int, last int)
returns void language plpgsql as $$
begin
  create temp table fresh on commit drop as
  select v.id as job, v.user_id, i + (-v.id - 1) * 100000 as item
  from generate_series(enqueue.first, enqueue.last) as i
  cross join public.video_recordings as v
  join auth.users as u on u.id = v.user_id
  where v.id < 0 and split_part(u.email, '@', 1) = any (enqueue.owners)
  order by i, v.id;
  if enqueue.stage = 'analysis' then
    insert into public.video_recordings (id, user_id, filename, storage_path, upload_status)
    overriding system value
    select f.item, f.user_id, 'a.mp4', f.user_id || '/' || f.item || '.mp4', 'completed'
    from fresh as f;
  else
    insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds,
      end_seconds, category, severity, confidence, message, ssml_status)
    overriding system value
    select f.item + case enqueue.stage when 'ssml' then 0 else 1000000 end, f.job, f.user_id,
      1, 2, 'motion', 'low', 0.5, 'Hello',
      case enqueue.stage when 'ssml' then 'queued' else 'completed' end
    from fresh as f;
    insert into public.analysis_ssml_segments (feedback_id, ssml)
    select f.item + 1000000, '<speak>a</speak>' from fresh as f where enqueue.stage = 'audio';
  end if;
  drop table fresh;
end
$$;

-- All items by name, e.g. 'light 3'.
create temp view items as
select i.*, split_part(u.email, '@', 1) || ' ' || i.item % 100000 as name
from (
  select 'analysis' as stage, j.id, j.video_recording_id as item, j.user_id, j.status, j.turn,
    j.lease_token, j.attempts, j.available_at
  from public.analysis_jobs as j where j.id > 0
  union all
  select 'ssml', f.id, f.id, f.user_id, f.ssml_status, f.ssml_turn, f.ssml_lease_token,
    f.ssml_attempts, f.ssml_available_at
  from public.analysis_feedback as f where f.id < 1000000
  union all
  select 'audio', f.id, f.id, f.user_id, f.audio_status, f.audio_turn, f.audio_lease_token,
    f.audio_attempts, f.audio_available_at
  from public.analysis_feedback as f where f.id >= 1000000
) as i
join auth.users as u on u.id = i.user_id;

-- One batch, as the names of its items.
create function pg_temp.claim(stage text, batch_size int)
returns setof text language plpgsql as $$
declare
  v_ids bigint[];
begin
  execute format('select array_agg(c.id) from pipeline.claim_%s($1) as c', claim.stage)
  into v_ids using claim.batch_size;
  return query select i.name from items as i
  where i.stage = claim.stage and i.id = any (v_ids) order by i.item;
end
$$;

update pipeline.stages set max_concurrency_per_user = 2;
select pg_temp.enqueue(stage, '{heavy}', 1, 1000) from stages;
select pg_temp.enqueue(stage, '{light}', 1, 3) from stages;

select results_eq(
  format('select pg_temp.claim(%L, 1)', stage), $$ values ('heavy 1') $$,
  stage || ': below the cap owners are served in turn'
) from stages;
select results_eq(
  format('select pg_temp.claim(%L, 10)', stage),
  $$ values ('heavy 2'), ('light 1'), ('light 2') $$,
  stage || ': no owner gets more than the cap, in one batch or in several'
) from stages;
select is_empty(
  format('select pg_temp.claim(%L, 10)', stage), stage || ': at the cap of all there is nothing'
) from stages;

-- An owner who comes behind thousands of items of one who is at the cap.
create temp view reads as
select sum(coalesce(seq_scan, 0)) as scans, sum(coalesce(idx_tup_fetch, 0)) as fetched
from pg_stat_xact_user_tables where relname in ('analysis_jobs', 'analysis_feedback');
create function pg_temp.claim_reading(stage text, out items bigint, out scans numeric,
  out reads_the_backlog boolean)
language plpgsql as $$
declare
  v_before reads;
begin
  select r.* into v_before from reads as r;
  execute format('select count(*) from pipeline.claim_%s(10)', stage) into items;
  select r.scans - v_before.scans, r.fetched - v_before.fetched > 100
  into scans, reads_the_backlog from reads as r;
end
$$;
select pg_temp.enqueue(stage, '{third}', 1, 1) from stages;
select results_eq(
  format('select * from pg_temp.claim_reading(%L)', stage), 'values (1::bigint, 0::numeric, false)',
  stage || ': who comes behind them is served at once, and none of the backlog is read for it'
) from stages;
select is_empty(
  format('select pg_temp.claim(%L, 10)', stage), stage || ': the others stay at their cap'
) from stages;

-- Room is made by an end of a lease, of any kind.
create function pg_temp.end_lease(stage text, name text)
returns text language plpgsql as $$
declare
  v_ended text;
begin
  execute format(
    'select pipeline.fail_%1$s(i.id, i.lease_token, ''x'', ''No.'', false) from items as i
     where i.stage = %1$L and i.name = %2$L', end_lease.stage, end_lease.name
  ) into v_ended;
  return v_ended;
end
$$;
select results_eq(
  format('select pg_temp.end_lease(%L, ''heavy 1'')', stage), $$ values ('failed') $$,
  stage || ': a lease of the one with much ends'
) from stages;
select results_eq(
  format('select pg_temp.claim(%L, 10)', stage), $$ values ('heavy 3') $$,
  stage || ': which makes room for that owner''s next'
) from stages;
set local pipeline.now = '2030-01-01 00:01:00+00';
select results_eq(
  format('select pg_temp.claim(%L, 10)', stage),
  $$ values ('heavy 2'), ('heavy 3'), ('light 1'), ('light 3'), ('third 1') $$,
  stage || ': expired leases do not count, and come before what is behind them'
) from stages;

-- Both caps, and both with a batch.
update pipeline.stages set max_concurrency = 6;
select pg_temp.enqueue(stage, '{third}', 2, 9) from stages;
select results_eq(
  format('select pg_temp.claim(%L, 10)', stage), $$ values ('third 2') $$,
  stage || ': under both caps both hold'
) from stages;
update pipeline.stages set max_concurrency = 8, max_concurrency_per_user = 4;
select results_eq(
  format('select count(*) from pg_temp.claim(%L, 10)', stage), 'values (2::bigint)',
  stage || ': the stage''s cap bounds what the owners'' would allow'
) from stages;
update pipeline.stages set max_concurrency = null, max_concurrency_per_user = null;
select results_eq(
  format('select count(*) from pg_temp.claim(%L, 10)', stage), 'values (10::bigint)',
  stage || ': without caps a batch is a batch'
) from stages;
update pipeline.stages set max_concurrency_per_user = 1;
select is_empty(
  format('select pg_temp.claim(%L, 10)', stage), stage || ': a cap below what is live waits'
) from stages;

select * from finish();
rollback;
