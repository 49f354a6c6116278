-- From a finished (or failed) upload to a queued (or failed) analysis job. Triggers only enqueue:
-- they write rows, nothing else.

-- Called by the triggers below with the recordings whose upload ended. A job that failed before
-- its first claim failed because of its upload, and is queued again when the upload succeeds; any
-- other finished job stays as it is, so that setting the status again changes nothing. Attempts are
-- kept when a job fails here: toggling the status cannot have a paid analysis begun over and over.
create function pipeline.enqueue_analysis(recording_ids bigint[])
returns void
language sql volatile security invoker set search_path = ''
as $$
  with lasts as materialized (
    select r.user_id, pipeline.last_analysis_turn(r.user_id) as turn
    from public.video_recordings as r
    where r.id = any (enqueue_analysis.recording_ids)
    group by r.user_id
  )
  insert into public.analysis_jobs as j
    (
      video_recording_id, user_id, coach, status, available_at, turn, error_code, last_error
    )
  select
    r.id,
    r.user_id,
    pipeline.coach_for(r.user_id, r.language),
    case r.upload_status when 'completed' then 'queued' else 'failed' end,
    case r.upload_status when 'completed' then pipeline.now() end,
    case r.upload_status when 'completed' then
      l.turn + row_number() over (partition by r.user_id order by r.id)
    end,
    case r.upload_status when 'failed' then coalesce(r.error_code, 'upload_failed') end,
    case r.upload_status when 'failed' then coalesce(r.last_error, 'The upload failed.') end
  from public.video_recordings as r
  join lasts as l using (user_id)
  where r.id = any (enqueue_analysis.recording_ids) and r.upload_status in ('completed', 'failed')
  order by r.id
  on conflict (video_recording_id) do update
  set
    status = excluded.status,
    attempts = case excluded.status when 'failed' then j.attempts else 0 end,
    available_at = excluded.available_at,
    turn = excluded.turn,
    lease_token = null,
    deferred_seconds = 0,
    error_code = excluded.error_code,
    last_error = excluded.last_error,
    updated_at = pipeline.now()
  where
    (j.status = 'failed' and j.attempts = 0)
    or (j.status = 'queued' and (j.available_at is null or excluded.status = 'failed'))
    or (j.status = 'processing' and excluded.status = 'failed')
$$;

create function pipeline.enqueue_inserted_recordings()
returns trigger
-- Definer: the owner of the recording may not write analysis_jobs.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_ids bigint[] := array(
    select n.id from new_recordings as n where n.upload_status in ('completed', 'failed')
  );
begin
  if cardinality(v_ids) > 0 then
    perform pipeline.enqueue_analysis(v_ids);
    perform nextval('pipeline.arrivals');
  end if;
  return null;
end
$$;

create function pipeline.enqueue_updated_recordings()
returns trigger
-- Definer: the owner of the recording may not write analysis_jobs.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_ids bigint[] := array(
    select n.id
    from new_recordings as n
    join old_recordings as o on o.id = n.id
    where n.upload_status in ('completed', 'failed') and n.upload_status <> o.upload_status
  );
begin
  if cardinality(v_ids) > 0 then
    perform pipeline.enqueue_analysis(v_ids);
    perform nextval('pipeline.arrivals');
  end if;
  return null;
end
$$;

create trigger video_recordings_enqueue_inserted
after insert on public.video_recordings
referencing new table as new_recordings
for each statement execute function pipeline.enqueue_inserted_recordings();

create trigger video_recordings_enqueue_updated
after update on public.video_recordings
referencing old table as old_recordings new table as new_recordings
for each statement execute function pipeline.enqueue_updated_recordings();

revoke all on function pipeline.enqueue_analysis(bigint[]) from public, anon, authenticated;
revoke all on function pipeline.enqueue_inserted_recordings() from public, anon, authenticated;
revoke all on function pipeline.enqueue_updated_recordings() from public, anon, authenticated;
grant execute on function pipeline.enqueue_analysis(bigint[]) to service_role;
