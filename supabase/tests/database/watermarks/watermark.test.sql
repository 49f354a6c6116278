-- Where a claim begins to look: at the watermark, below which nothing is left but what committed
-- late, and once a second from the very beginning.
begin;
select plan(33);

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

create temp view marks as
select w.stage, w.turn, w.next_turn, w.moved_at,
  case w.stage
    when 'analysis' then (select s.last_value from pipeline.analysis_served_turn as s)
    when 'ssml' then (select s.last_value from pipeline.ssml_served_turn as s)
    else (select s.last_value from pipeline.audio_served_turn as s)
  end as served
from pipeline.watermarks as w;

-- Index entries that one claim of two items walks over, dead ones too.
create function pg_temp.steps_of_claim(stage text)
returns bigint language plpgsql as $$
declare
  v_index regclass := case steps_of_claim.stage
    when 'analysis' then 'public.analysis_jobs_ready_idx'
    when 'ssml' then 'public.analysis_feedback_ssml_ready_idx'
    else 'public.analysis_feedback_audio_ready_idx'
  end;
  v_before bigint := pg_stat_get_xact_tuples_returned(v_index);
begin
  execute format('select count(*) from pipeline.claim_%s(2)', steps_of_claim.stage);
  return pg_stat_get_xact_tuples_returned(v_index) - v_before;
end
$$;

select pg_temp.enqueue(stage, '{heavy}', 1, 300) from stages;
select pg_temp.claim(stage, 100) from stages;
select results_eq(
  format('select moved_at from marks where stage = %L', stage),
  $$ values ('2030-01-01 00:00:00+00'::timestamptz) $$, stage || ': the first claim moves it'
) from stages;
select pg_temp.claim(stage, 1) from stages;
select results_eq(
  format('select moved_at, next_turn < served from marks where stage = %L', stage),
  $$ values ('2030-01-01 00:00:00+00'::timestamptz, true) $$,
  stage || ': one in the same second not'
) from stages;
set local pipeline.now = '2030-01-01 00:00:00.999+00';
select pg_temp.claim(stage, 1) from stages;
select results_eq(
  format('select moved_at from marks where stage = %L', stage),
  $$ values ('2030-01-01 00:00:00+00'::timestamptz) $$, stage || ': until that is over'
) from stages;
set local pipeline.now = '2030-01-01 00:00:01+00';
select pg_temp.claim(stage, 1) from stages;
set local pipeline.now = '2030-01-01 00:00:02+00';
select pg_temp.claim(stage, 1) from stages;
select results_eq(
  format('select moved_at, turn < next_turn, next_turn < served,
      turn > (select max(i.turn) - 300 from items as i where i.stage = %L)
    from marks where stage = %L', stage, stage),
  $$ values ('2030-01-01 00:00:02+00'::timestamptz, true, true, true) $$,
  stage || ': it follows what is served by one to two seconds'
) from stages;

-- A hundred dead entries lie below the watermark: this transaction keeps them from being cleaned
-- away, as any that stays open for long.
select ok(
  pg_temp.steps_of_claim(stage) < 20,
  stage || ': a claim does not walk over what others have taken'
) from stages;
set local pipeline.now = '2030-01-01 00:00:03+00';
select ok(
  pg_temp.steps_of_claim(stage) > 100,
  stage || ': but for one in a second'
) from stages;

-- What commits late has a turn below the watermark.
update public.analysis_jobs set turn = 0 where video_recording_id = 300;
update public.analysis_feedback set ssml_turn = 0 where id = 300;
update public.analysis_feedback set audio_turn = 0 where id = 1000300;
select is_empty(
  format('select c from pg_temp.claim(%L, 3) as c where c = ''heavy 300''', stage),
  stage || ': what came late is not seen at once'
) from stages;
set local pipeline.now = '2030-01-01 00:00:04+00';
select results_eq(
  format('select c from pg_temp.claim(%L, 3) as c where c = ''heavy 300''', stage),
  $$ values ('heavy 300') $$, stage || ': but within a second'
) from stages;

-- Where less is found than was asked for, there is time to look everywhere.
update public.analysis_jobs set turn = 0 where video_recording_id = 299;
update public.analysis_feedback set ssml_turn = 0 where id = 299;
update public.analysis_feedback set audio_turn = 0 where id = 1000299;
select results_eq(
  format('select c from pg_temp.claim(%L, 1000) as c where c = ''heavy 299''', stage),
  $$ values ('heavy 299') $$, stage || ': a claim that does not get its fill looks below it as well'
) from stages;

-- A clock that went back does not leave it in the future.
set local pipeline.now = '2029-12-31 00:00:00+00';
select pg_temp.claim(stage, 1) from stages;
select results_eq(
  format('select moved_at from marks where stage = %L', stage),
  $$ values ('2029-12-31 00:00:00+00'::timestamptz) $$, stage || ': it goes back with the clock'
) from stages;

-- A claim that may take nothing does not use up the second's look from the beginning.
set local pipeline.now = '2030-01-02 00:00:00+00';
update pipeline.stages set enabled = false;
select pg_temp.claim(stage, 1) from stages;
select results_eq(
  format('select moved_at from marks where stage = %L', stage),
  $$ values ('2029-12-31 00:00:00+00'::timestamptz) $$,
  stage || ': a claim of a paused stage leaves the watermark to others'
) from stages;

select * from finish();
rollback;
