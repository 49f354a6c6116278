-- Where an item stands that comes back: what has had its turn goes to the front, what failed or was
-- sent away queues up again behind its owner's other items.
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

-- Ends the lease of each named item, by a call as a worker makes it.
create function pg_temp.give_back(stage text, name text, call text)
returns setof text language plpgsql as $$
declare
  v_id bigint;
  v_token uuid;
begin
  select i.id, i.lease_token into strict v_id, v_token
  from items as i where i.stage = give_back.stage and i.name = give_back.name;
  return query execute format('select pipeline.%s', replace(give_back.call, '$', format(
    '_%s(%s, %L', give_back.stage, v_id, v_token
  )));
end
$$;

select pg_temp.enqueue(stage, '{heavy}', 1, 30) from stages;
select pg_temp.claim(stage, 2) from stages;

set local pipeline.now = '2030-01-01 00:01:00+00';
select results_eq(
  format('select pg_temp.claim(%L, 3)', stage),
  $$ values ('heavy 1'), ('heavy 2'), ('heavy 3') $$,
  stage || ': expired leases go to the front'
) from stages;
select results_eq(
  format('select pg_temp.give_back(%L, ''heavy 2'', ''release$)'')', stage),
  $$ values ('queued') $$, stage || ': a worker that has to stop'
) from stages;
select results_eq(
  format('select pg_temp.claim(%L, 2)', stage),
  $$ values ('heavy 2'), ('heavy 4') $$,
  stage || ': hands its item back to the front'
) from stages;

-- The sweep gives an expired lease a turn; its worker, alive after all, hands it back.
set local pipeline.now = '2030-01-01 00:02:00+00';
select pipeline.sweep();
select results_eq(
  format('select name from items where stage = %L and status = ''processing''
    and turn is not null order by item', stage),
  $$ values ('heavy 1'), ('heavy 2'), ('heavy 3'), ('heavy 4') $$,
  stage || ': an expired lease has a turn although its worker may still come back'
) from stages;
select pg_temp.give_back(stage, 'heavy 3', 'release$)') from stages;
select results_eq(
  format('select name from items where stage = %L and status = ''queued''
    order by turn, item limit 1', stage),
  $$ values ('heavy 3') $$, stage || ': what is handed back late goes to the front too'
) from stages;
select results_eq(
  format('select pg_temp.claim(%L, 4)', stage),
  $$ values ('heavy 1'), ('heavy 2'), ('heavy 3'), ('heavy 4') $$,
  stage || ': and is claimed with the other expired ones'
) from stages;

-- Retries: of one who has much, and of one who has nothing else.
select pg_temp.enqueue(stage, '{light}', 1, 1) from stages;
select pg_temp.claim(stage, 2) from stages;
select pg_temp.give_back(stage, name, call) from stages cross join (values
  ('light 1', 'fail$, ''provider_timeout'', ''Too slow.'', true)'),
  ('heavy 3', 'fail$, ''provider_timeout'', ''Too slow.'', true)'),
  ('heavy 4', 'defer$, 1)')
) as i (name, call);
select results_eq(
  format('select name from items where stage = %L and status = ''queued'' and turn is null
    order by item', stage),
  $$ values ('heavy 3'), ('heavy 4'), ('light 1') $$,
  stage || ': what waits for another attempt has no turn'
) from stages;
set local pipeline.now = '2030-01-01 00:02:30+00';
select results_eq(
  format('select pg_temp.claim(%L, 3)', stage),
  $$ values ('heavy 6'), ('heavy 7'), ('light 1') $$,
  stage || ': the retry of one who has nothing else is in the next batch'
) from stages;
select results_eq(
  format('select name from items where stage = %L and status = ''queued''
    order by turn desc limit 2', stage),
  $$ values ('heavy 3'), ('heavy 4') $$,
  stage || ': those of one who has much come after all that this owner has queued'
) from stages;

-- What an operator puts off by hand is left alone, and keeps its place for then.
select lives_ok(
  case stage
    when 'analysis' then $$ update public.analysis_jobs
      set available_at = pipeline.now() + interval '1 second' where video_recording_id = 8 $$
    when 'ssml' then $$ update public.analysis_feedback
      set ssml_available_at = pipeline.now() + interval '1 second' where id = 8 $$
    else $$ update public.analysis_feedback
      set audio_available_at = pipeline.now() + interval '1 second' where id = 1000008 $$
  end,
  stage || ': an operator puts an item off by hand'
) from stages;
select results_eq(
  format('select pg_temp.claim(%L, 2)', stage),
  $$ values ('heavy 9'), ('heavy 10') $$, stage || ': it is not claimed before'
) from stages;
set local pipeline.now = '2030-01-01 00:02:31+00';
select results_eq(
  format('select pg_temp.claim(%L, 2)', stage),
  $$ values ('heavy 8'), ('heavy 11') $$, stage || ': and then it comes first'
) from stages;

select * from finish();
rollback;
