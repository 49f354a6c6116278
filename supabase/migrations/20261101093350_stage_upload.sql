-- Stage `upload`: recordings whose object is awaited. Its worker is a function of the database that
-- cron calls, because storage tells nobody: it looks for a bounded number of objects, in the fair
-- turns of the queue and with growing waits, in a transaction of its own.

create sequence pipeline.upload_served_turn as bigint minvalue 0 start 0;

comment on sequence pipeline.upload_served_turn is 'The latest turn looked at of stage upload.';

insert into pipeline.stages (stage, place, is_claimed, batch_size, max_tasks_per_user,
  backoff_base_seconds, backoff_cap_seconds)
values ('upload', 0, false, 200, 100, 1, 600);

create view pipeline.upload_items with (security_invoker = true) as
select v.id, v.user_id,
  case when v.upload_status in ('pending', 'uploading') then 'queued' else v.upload_status end
    as status,
  0 as attempts,
  coalesce(v.error_code, case v.upload_status when 'failed' then 'upload_failed' end) as error_code,
  v.last_error, v.updated_at, true as has_input,
  false as parent_failed
from public.video_recordings as v;

comment on view pipeline.upload_items is 'The items of stage upload.';
comment on column pipeline.upload_items.id is 'The recording.';
comment on column pipeline.upload_items.user_id is 'Its owner.';
comment on column pipeline.upload_items.status is 'queued while its object is awaited.';
comment on column pipeline.upload_items.attempts is 'None.';
comment on column pipeline.upload_items.error_code is 'Why it failed.';
comment on column pipeline.upload_items.last_error is 'The same as a sentence.';
comment on column pipeline.upload_items.updated_at is 'When the recording last changed.';
comment on column pipeline.upload_items.has_input is 'True: there is nothing to wait for.';
comment on column pipeline.upload_items.parent_failed is 'False: there is no parent.';

-- For the number that one owner has, of all that wait.
create index tasks_backlog_by_user_idx on pipeline.tasks (stage, user_id)
where stage in ('upload', 'analysis');

-- Called by what owners write: refuses more than they may have in the queue. One owner's writes
-- come one after the other, so that it holds.
create function pipeline.check_backlog(stage text, user_ids uuid[])
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_most int := (
    select s.max_tasks_per_user from pipeline.stages as s where s.stage = check_backlog.stage
  );
  v_user uuid;
begin
  for v_user in select distinct u from unnest(user_ids) as u order by u loop
    perform pg_advisory_xact_lock(hashtextextended('pipeline.backlog ' || v_user, 0));
    if (
      select count(*) from (
        select from pipeline.tasks as t
        where t.stage = check_backlog.stage and t.stage in ('upload', 'analysis')
          and t.user_id = v_user
        limit v_most + 1
      ) as n
    ) > v_most then
      raise exception 'at most % uploads may be under way at once', v_most
        using errcode = 'PT429', hint = 'Finish or delete some of them first.';
    end if;
  end loop;
end
$$;

-- Recordings begin to be awaited, or cease to be, and their analysis is queued, or fails with them.
create function pipeline.follow_uploads(
  ids bigint[], user_ids uuid[], before text[], after text[]
)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_awaited constant text[] := array['pending', 'uploading'];
  v_ids bigint[];
  v_users uuid[];
begin
  select array_agg(i.id), array_agg(i.user_id) into v_ids, v_users
  from unnest(ids, user_ids, before, after) as i (id, user_id, before, after)
  where i.after = any (v_awaited) and (i.before = any (v_awaited)) is not true;
  if v_ids is not null then
    perform pipeline.enqueue('upload', v_ids, v_users);
    perform pipeline.suspend_analysis(v_ids);
    -- Not for what the machine itself sets back to waiting.
    if pg_trigger_depth() < 2 then
      perform pipeline.check_backlog('upload', v_users);
    end if;
  end if;
  select array_agg(i.id) into v_ids
  from unnest(ids, before, after) as i (id, before, after)
  where i.after <> all (v_awaited) and i.after is distinct from i.before;
  if v_ids is not null then
    delete from pipeline.tasks as t where t.stage = 'upload' and t.subject_id = any (v_ids);
    perform pipeline.enqueue_analysis(v_ids);
  end if;
end
$$;

create function pipeline.follow_inserted_recordings()
returns trigger
-- Definer: the owner of the recording may use neither the queue nor analysis_jobs.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform pipeline.follow_uploads(
    array_agg(n.id order by n.id), array_agg(n.user_id order by n.id),
    array_agg(null::text), array_agg(n.upload_status order by n.id)
  ), pipeline.check_backlog('analysis', array_agg(n.user_id))
  from new_recordings as n
  having count(*) > 0;
  return null;
end
$$;

create function pipeline.follow_updated_recordings()
returns trigger
-- Definer: the owner of the recording may use neither the queue nor analysis_jobs.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform pipeline.follow_uploads(
    array_agg(n.id order by n.id), array_agg(n.user_id order by n.id),
    array_agg(o.upload_status order by n.id), array_agg(n.upload_status order by n.id)
  )
  from new_recordings as n
  join old_recordings as o on o.id = n.id
  where n.upload_status <> o.upload_status
  having count(*) > 0;
  return null;
end
$$;

create trigger video_recordings_100_follow_inserted
after insert on public.video_recordings
referencing new table as new_recordings
for each statement execute function pipeline.follow_inserted_recordings();

create trigger video_recordings_100_follow_updated
after update on public.video_recordings
referencing old table as old_recordings new table as new_recordings
for each statement execute function pipeline.follow_updated_recordings();

create trigger video_recordings_900_drop_tasks
after delete on public.video_recordings
referencing old table as old_rows
for each statement execute function pipeline.drop_tasks('upload');

-- Those of the awaited recordings whose object is not there are looked for after a growing wait.
create function pipeline.put_off_awaited(settings pipeline.stages, ids bigint[])
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  update pipeline.tasks as t
  set turn = null, deferrals = least(t.deferrals + 1, 1000),
    deferred_seconds = extract(epoch from v_now - v.created_at),
    available_at = v_now
      + make_interval(secs => pipeline.backoff(settings, t.deferrals + 1))
  from public.video_recordings as v
  where t.stage = 'upload' and t.subject_id = any (put_off_awaited.ids) and v.id = t.subject_id
    and v.updated_at > v_now - make_interval(secs => settings.max_deferred_seconds::float8)
    and not exists (
      select from storage.objects as o where o.bucket_id = 'raw' and o.name = v.storage_path
    );
end
$$;

-- Called by cron every second. The object in bucket raw is the proof that an upload is complete,
-- whatever its client says. What is not there is looked for again after a growing wait, until it
-- has been awaited for max_deferred_seconds. Nothing here may raise: parameters of a media type are
-- left out, they are the uploader's, of any length. Nor wait: what somebody has locked is left to
-- the next call.
create function pipeline.recognise_uploads()
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_now timestamptz := pipeline.now();
  v_stage pipeline.stages;
  v_ids bigint[];
  v_last bigint;
  v_count int;
begin
  select s.* into strict v_stage from pipeline.stages as s where s.stage = 'upload';
  perform pipeline.sweep_stage('upload');
  select array_agg(p.subject_id), max(p.turn) into v_ids, v_last
  from (
    select t.subject_id, t.turn from pipeline.tasks as t
    where t.stage = 'upload' and t.turn is not null and v_stage.enabled
    order by t.turn, t.subject_id
    limit v_stage.batch_size
    for update skip locked
  ) as p;
  if v_ids is null then
    return 0;
  end if;
  perform setval('pipeline.upload_served_turn', v_last)
  where v_last > pipeline.served_turn('upload');

  perform pipeline.put_off_awaited(v_stage, v_ids);

  -- Found, or given up. These updates take the tasks away.
  v_ids := array(
    select v.id from public.video_recordings as v
    where v.id = any (v_ids) and v.upload_status in ('pending', 'uploading')
      and exists (
        select from pipeline.tasks as t
        where t.stage = 'upload' and t.subject_id = v.id and t.turn is not null
      )
    order by v.id
    for no key update skip locked
  );
  update public.video_recordings as v
  set
    upload_status = 'completed',
    file_size = coalesce(
      case when o.metadata ->> 'size' ~ '^[0-9]{1,18}$' then (o.metadata ->> 'size')::bigint end,
      v.file_size
    ),
    mime_type = coalesce(
      v.mime_type, left(substring(o.metadata ->> 'mimetype' from '^[!-:<-~]+'), 255)
    ),
    error_code = null,
    last_error = null
  from storage.objects as o
  where v.id = any (v_ids) and o.bucket_id = 'raw' and o.name = v.storage_path;
  get diagnostics v_count = row_count;
  update public.video_recordings as v
  set upload_status = 'failed', error_code = 'upload_abandoned',
    last_error = 'The upload never came to an end.'
  where v.id = any (v_ids) and v.upload_status in ('pending', 'uploading')
    and v.updated_at <= v_now - make_interval(secs => v_stage.max_deferred_seconds::float8);
  return v_count;
end
$$;

revoke all on sequence pipeline.upload_served_turn
from public, anon, authenticated, service_role;
grant select, update on sequence pipeline.upload_served_turn to service_role;
revoke all on table pipeline.upload_items from public, anon, authenticated, service_role;
grant select, update on table pipeline.upload_items to service_role;

revoke all on function
  pipeline.put_off_awaited(pipeline.stages, bigint[]),
  pipeline.check_backlog(text, uuid[]),
  pipeline.follow_uploads(bigint[], uuid[], text[], text[]),
  pipeline.follow_inserted_recordings(),
  pipeline.follow_updated_recordings(),
  pipeline.recognise_uploads()
from public, anon, authenticated;
grant execute on function
  pipeline.put_off_awaited(pipeline.stages, bigint[]),
  pipeline.check_backlog(text, uuid[]),
  pipeline.follow_uploads(bigint[], uuid[], text[], text[]),
  pipeline.recognise_uploads()
to service_role;
