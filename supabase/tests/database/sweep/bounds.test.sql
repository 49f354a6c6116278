-- How much one sweep takes on: a thousand dead items, some thousand retries, the longest due first,
-- and nothing that somebody else is at.
begin;
select plan(15);

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

-- Puts items `first` to `last` of heavy into a state, due for so many seconds.
create function pg_temp.put(stage text, first int, last int, status text, attempts int, due int)
returns void language plpgsql as $$
declare
  v_prefix text := case put.stage when 'analysis' then '' else put.stage || '_' end;
begin
  execute format(
    'update public.%1$s as r set %2$sstatus = %3$L, %2$sattempts = %4$L, %2$sturn = null,
       %2$savailable_at = pipeline.now() - make_interval(secs => %5$L),
       %2$slease_token = case %3$L when ''processing'' then gen_random_uuid() end
     from items as i
     where i.stage = %6$L and i.id = r.id and i.item %% 100000 between %7$L and %8$L',
    case put.stage when 'analysis' then 'analysis_jobs' else 'analysis_feedback' end, v_prefix,
    put.status, put.attempts, put.due, put.stage, put.first, put.last
  );
end
$$;

select pg_temp.enqueue(stage, '{heavy}', 1, 1002) from stages;
select pg_temp.put(stage, 1, 2, 'processing', 3, 10) from stages;
select pg_temp.put(stage, 3, 1002, 'processing', 3, 20) from stages;
select results_eq(
  'select stage, swept from pipeline.sweep()',
  $$ values ('analysis', 1000), ('ssml', 1000), ('audio', 1000) $$,
  'a sweep fails a thousand dead items of each stage'
);
select results_eq(
  format('select name from items where stage = %L and status = ''processing''
    order by item', stage),
  $$ values ('heavy 1'), ('heavy 2') $$, stage || ': those first that died first'
) from stages;
select results_eq(
  'select stage, swept from pipeline.sweep()',
  $$ values ('analysis', 2), ('ssml', 2), ('audio', 2) $$, 'the next sweep fails the rest'
);
select results_eq(
  'select stage, swept from pipeline.sweep()',
  $$ values ('analysis', 0), ('ssml', 0), ('audio', 0) $$, 'and the one after that finds none'
);

select pg_temp.put(stage, 1, 2, 'queued', 1, 10), pg_temp.put(stage, 3, 1002, 'queued', 1, 20)
from stages;
select pipeline.sweep();
select is_empty(
  format('select name from items where stage = %L and turn is null', stage),
  stage || ': thousands of retries get their turns, a thousand at a time'
) from stages;
select results_eq(
  format('select count(*) filter (where turn is null), count(distinct turn),
      bool_and(item %% 100000 > 2 or turn > (select max(turn) from items
        where stage = %L and item %% 100000 > 2))
    from items where stage = %L', stage, stage),
  'values (0::bigint, 1002::bigint, true)',
  stage || ': those first that were due first'
) from stages;

select pg_temp.put(stage, 1, 1002, 'processing', 1, 10) from stages;
select pipeline.sweep();
select results_eq(
  format('select count(turn), count(distinct turn) from items where stage = %L', stage),
  'values (1000::bigint, 1::bigint)',
  stage || ': a thousand leases that ended with attempts left get the front'
) from stages;

select * from finish();
rollback;
