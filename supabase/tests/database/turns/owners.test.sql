-- Whose item is next: owners are served in turn, however much each of them has queued.
begin;
select plan(24);

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

select pg_temp.enqueue(stage, '{heavy}', 1, 300) from stages;
select results_eq(
  format('select pg_temp.claim(%L, 4)', stage),
  $$ values ('heavy 1'), ('heavy 2'), ('heavy 3'), ('heavy 4') $$,
  stage || ': the items of one owner are claimed in the order in which they came'
) from stages;

select pg_temp.enqueue(stage, '{light}', 1, 1) from stages;
select results_eq(
  format('select pg_temp.claim(%L, 4)', stage),
  $$ values ('heavy 5'), ('heavy 6'), ('heavy 7'), ('light 1') $$,
  stage || ': one item that comes after hundreds of somebody else is in the next batch'
) from stages;
select results_eq(
  format('select pg_temp.claim(%L, 2)', stage),
  $$ values ('heavy 8'), ('heavy 9') $$,
  stage || ': with nobody else there, the one with much is served as if alone'
) from stages;

select pg_temp.enqueue(stage, '{light,third}', 2, 150) from stages;
select results_eq(
  format('select pg_temp.claim(%L, 9)', stage),
  $$ values ('heavy 10'), ('heavy 11'), ('heavy 12'), ('light 2'), ('light 3'), ('light 4'),
       ('third 2'), ('third 3'), ('third 4') $$,
  stage || ': three who have much share a batch evenly, two of whom queued in one statement'
) from stages;
select results_eq(
  format('select split_part(c, '' '', 1), count(*) from pg_temp.claim(%L, 90) as c
    group by 1 order by 1', stage),
  $$ values ('heavy', 30::bigint), ('light', 30), ('third', 30) $$,
  stage || ': and so do they for as long as it lasts'
) from stages;

-- A turn is a place among what is ready, and so there is one exactly then.
select is_empty(
  format('select name, status, turn from items where stage = %L
    and (status = ''queued'') <> (turn is not null)', stage),
  stage || ': an item has a turn while it is ready, and none once it is claimed'
) from stages;
select results_eq(
  format('select count(*) from items where stage = %L group by user_id, turn
    having turn is not null and count(*) > 1', stage),
  $$ select 1::bigint where false $$,
  stage || ': two items of one owner never have the same turn'
) from stages;
select results_eq(
  format('select bool_and(i.turn < n.turn) from items as i join items as n
    on n.stage = i.stage and n.user_id = i.user_id and n.item = i.item + 1
    where i.stage = %L and i.turn is not null and n.turn is not null', stage),
  'values (true)',
  stage || ': and its later item a later one'
) from stages;
select * from finish();
rollback;
