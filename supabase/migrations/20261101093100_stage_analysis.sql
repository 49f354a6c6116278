-- Stage `analysis`: from a complete upload to metrics and feedback. One item is an analysis job.

create sequence pipeline.analysis_served_turn as bigint minvalue 0 start 0;

comment on sequence pipeline.analysis_served_turn is 'The latest turn claimed of stage analysis.';

insert into pipeline.stages (
  stage, place, function_name, provider, batch_size, max_concurrency, max_tasks_per_user,
  daily_attempts_per_user
)
values ('analysis', 1, 'ai-analyze-video', 'gemini', 2, 32, 10000, 100);

create view pipeline.analysis_items with (security_invoker = true) as
select j.id, j.user_id, j.status, j.attempts, j.error_code, j.last_error, j.updated_at,
  (
    select v.upload_status = 'completed' from public.video_recordings as v
    where v.id = j.video_recording_id
  ) as has_input,
  (
    select v.upload_status = 'failed' from public.video_recordings as v
    where v.id = j.video_recording_id
  ) as parent_failed,
  j.video_recording_id as parent_id
from public.analysis_jobs as j;

comment on view pipeline.analysis_items is 'The items of stage analysis.';
comment on column pipeline.analysis_items.id is 'The analysis job.';
comment on column pipeline.analysis_items.user_id is 'Its owner.';
comment on column pipeline.analysis_items.status is 'Its status.';
comment on column pipeline.analysis_items.attempts is 'Its attempts.';
comment on column pipeline.analysis_items.error_code is 'Its last error.';
comment on column pipeline.analysis_items.last_error is 'The same as a sentence.';
comment on column pipeline.analysis_items.updated_at is 'When its status changed.';
comment on column pipeline.analysis_items.has_input is 'Whether the upload is complete.';
comment on column pipeline.analysis_items.parent_failed is 'Whether the upload failed.';
comment on column pipeline.analysis_items.parent_id is 'Its recording.';

-- Called when uploads end, with their recordings locked. A job that failed because of its upload
-- is queued again when the upload succeeds; any other finished job stays as it is, so that setting
-- the status again changes nothing, unless the stored video is another one than was analysed: then
-- its feedback goes. Where the upload failed the job fails with it, and keeps its attempts:
-- toggling the status cannot have a paid analysis begun over and over.
create function pipeline.enqueue_analysis(recording_ids bigint[])
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_now timestamptz := pipeline.now();
  v_written bigint[];
  v_ids bigint[];
  v_users uuid[];
begin
  with written as (
    insert into public.analysis_jobs as j
      (video_recording_id, user_id, coach, status, error_code, last_error)
    select
      v.id,
      v.user_id,
      pipeline.coach_for(v.user_id, v.language),
      case v.upload_status when 'completed' then 'queued' else 'failed' end,
      case v.upload_status when 'failed' then coalesce(v.error_code, 'upload_failed') end,
      case v.upload_status when 'failed' then coalesce(v.last_error, 'The upload failed.') end
    from public.video_recordings as v
    where v.id = any (enqueue_analysis.recording_ids)
      and v.upload_status in ('completed', 'failed')
    order by v.id
    on conflict (video_recording_id) do update
    set
      status = excluded.status,
      attempts = case excluded.status when 'failed' then j.attempts else 0 end,
      error_code = excluded.error_code,
      last_error = excluded.last_error,
      coach = case excluded.status when 'failed' then j.coach else excluded.coach end,
      -- Told by the claim: a job that is queued for another video is not queued for it twice.
      video_version = case excluded.status when 'failed' then j.video_version end,
      updated_at = v_now
    where
      case excluded.status
        when 'failed' then j.status in ('queued', 'processing')
          or (j.status = 'failed' and j.attempts = 0)
        else (j.status = 'failed' and (j.attempts = 0 or j.error_code = 'video_missing'))
          or (j.status = 'queued' and not exists (
            select from pipeline.tasks as t where t.stage = 'analysis' and t.subject_id = j.id
          ))
          or (j.video_version is not null and j.video_version <> (
            select o.version from public.video_recordings as v
            join storage.objects as o on o.bucket_id = 'raw' and o.name = v.storage_path
            where v.id = j.video_recording_id
          ))
      end
    returning j.id, j.user_id, j.status
  )
  select array_agg(w.id order by w.id), array_agg(w.id order by w.id) filter (
      where w.status = 'queued'
    ), array_agg(w.user_id order by w.id) filter (where w.status = 'queued')
  into v_written, v_ids, v_users
  from written as w;
  perform pipeline.take_out(array['analysis'], v_written);
  if v_ids is not null then
    delete from public.analysis_metrics as m where m.analysis_job_id = any (v_ids);
    delete from public.analysis_feedback as f where f.analysis_job_id = any (v_ids);
    perform pipeline.enqueue('analysis', v_ids, v_users);
  end if;
end
$$;

-- Called when an owner takes back that uploads are complete: what has not ended waits for them
-- again.
create function pipeline.suspend_analysis(recording_ids bigint[])
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_ids bigint[] := array(
    select j.id from public.analysis_jobs as j
    where j.video_recording_id = any (suspend_analysis.recording_ids)
      and j.status in ('queued', 'processing')
    order by j.id
    for no key update
  );
begin
  perform pipeline.take_out(array['analysis'], v_ids);
  update public.analysis_jobs as j set status = 'queued', updated_at = pipeline.now()
  where j.id = any (v_ids) and j.status = 'processing';
end
$$;

-- Those of the recordings whose stored video is another version than the one that was analysed, or
-- has come after all, are analysed anew; how many. What somebody holds is left to cron's next call.
create function pipeline.analyse_replaced(recording_ids bigint[])
returns int
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_ids bigint[] := array(
    select v.id from public.video_recordings as v
    where v.id = any (analyse_replaced.recording_ids) and v.upload_status = 'completed'
      and exists (
        select from public.analysis_jobs as j
        join storage.objects as o on o.bucket_id = 'raw' and o.name = v.storage_path
        where j.video_recording_id = v.id and (
          j.video_version <> o.version
          or (j.status = 'failed' and j.error_code = 'video_missing')
        )
      )
    for no key update skip locked
  );
begin
  perform pipeline.enqueue_analysis(v_ids);
  return cardinality(v_ids);
end
$$;

create function pipeline.claim_analysis(
  batch_size int default null, lease_seconds int default null, model text default null,
  busy boolean default false
)
returns table (
  id bigint, lease_token uuid, attempt int, lease_expires_at timestamptz, alone boolean,
  progress jsonb, correlation_id uuid, user_id uuid, video_recording_id bigint,
  storage_path text, mime_type text, file_size bigint, duration_seconds numeric,
  original_filename text, language text, coach jsonb, brief jsonb
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v pipeline.claim := pipeline.pick('analysis', batch_size, lease_seconds, model, busy);
begin
  if v.ids = '{}' then
    return;
  end if;
  return query
  with shown as materialized (
    update public.analysis_jobs as j
    set status = 'processing', attempts = v.attempts[array_position(v.ids, j.id)],
      updated_at = v.at, video_version = (
        select o.version from public.video_recordings as r
        join storage.objects as o on o.bucket_id = 'raw' and o.name = r.storage_path
        where r.id = j.video_recording_id limit 1
      ),
      (session_id, session_revision, brief) = (
        select b.id, b.revision, b.current_ir from public.video_recordings as r
        join public.sessions as b on b.id = r.session_id
        where r.id = j.video_recording_id limit 1
      )
    where j.id = any (array(
      select h.id from public.analysis_jobs as h where h.id = any (v.ids)
      for no key update skip locked
    ))
    returning j.id, j.user_id, j.video_recording_id, j.correlation_id, j.coach, j.brief
  )
  select s.id, l.lease_token, l.attempt, v.lease_ends_at, l.alone, l.progress, s.correlation_id,
    s.user_id, s.video_recording_id, r.storage_path, r.mime_type, r.file_size,
    r.duration_seconds, r.original_filename, r.language, s.coach, s.brief
  from pipeline.lease(v, array(select c.id from shown as c)) as l
  join shown as s on s.id = l.subject_id
  cross join lateral (
    select c.* from public.video_recordings as c where c.id = s.video_recording_id limit 1
  ) as r
  order by s.id;
end
$$;

-- A job whose video was never there goes on waiting for it, and its recording with it.
create function pipeline.await_missing_video()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  -- Not waited for, since recordings are locked before jobs: who holds it is about to change it.
  update public.video_recordings as v set upload_status = 'pending'
  where v.id = any (array(
    select h.id from public.video_recordings as h
    where h.id = new.video_recording_id and h.upload_status = 'completed'
    for no key update skip locked
  ));
  return null;
end
$$;

create trigger analysis_jobs_100_await_missing_video
after update of status on public.analysis_jobs
for each row
when (new.status = 'failed' and new.error_code = 'video_missing' and old.status = 'processing')
execute function pipeline.await_missing_video();

create trigger analysis_jobs_900_drop_tasks
after delete on public.analysis_jobs
referencing old table as old_rows
for each statement execute function pipeline.drop_tasks('analysis');

revoke all on sequence pipeline.analysis_served_turn
from public, anon, authenticated, service_role;
grant select, update on sequence pipeline.analysis_served_turn to service_role;
revoke all on table pipeline.analysis_items from public, anon, authenticated, service_role;
grant select, update on table pipeline.analysis_items to service_role;

revoke all on function
  pipeline.suspend_analysis(bigint[]),
  pipeline.enqueue_analysis(bigint[]),
  pipeline.analyse_replaced(bigint[]),
  pipeline.claim_analysis(int, int, text, boolean),
  pipeline.await_missing_video()
from public, anon, authenticated;
grant execute on function
  pipeline.suspend_analysis(bigint[]),
  pipeline.enqueue_analysis(bigint[]),
  pipeline.analyse_replaced(bigint[]),
  pipeline.claim_analysis(int, int, text, boolean)
to service_role;
