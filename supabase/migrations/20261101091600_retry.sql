-- Failed items, queued anew with all their attempts: by an operator (schema pipeline), or by the
-- owner, for whom the public functions check in SQL that the item is the caller's. The Data API
-- turns SQLSTATE PT404 into HTTP 404.

-- A job whose upload failed goes back to waiting for it, and so does the recording, or nobody would
-- look for its object. The recording is locked first, as everywhere: an upload that is completed in
-- the meantime is then seen by the statements that follow.
create function pipeline.requeue_analysis(analysis_job_id bigint)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  perform from public.video_recordings as v
  where v.id = (
    select j.video_recording_id from public.analysis_jobs as j
    where j.id = requeue_analysis.analysis_job_id
  )
  for no key update;
  update public.video_recordings as v
  set upload_status = 'pending', error_code = null, last_error = null
  where v.upload_status = 'failed' and v.id = (
    select j.video_recording_id from public.analysis_jobs as j
    where j.id = requeue_analysis.analysis_job_id and j.status = 'failed'
  );
  update public.analysis_jobs as j
  set
    status = 'queued',
    attempts = 0,
    available_at = (
      select pipeline.now() from public.video_recordings as v
      where v.id = j.video_recording_id and v.upload_status = 'completed'
    ),
    turn = (
      select pipeline.last_analysis_turn(j.user_id) + 1 from public.video_recordings as v
      where v.id = j.video_recording_id and v.upload_status = 'completed'
    ),
    deferred_seconds = 0,
    error_code = null,
    last_error = null,
    updated_at = pipeline.now()
  where j.id = requeue_analysis.analysis_job_id and j.status = 'failed';
  if not found then
    raise exception 'analysis job % has not failed', analysis_job_id using errcode = 'SL001';
  end if;
  perform nextval('pipeline.arrivals');
  return 'queued';
end
$$;

create function pipeline.requeue_feedback(feedback_id bigint, stage text)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if (requeue_feedback.stage in ('ssml', 'audio')) is not true then
    raise exception 'stage must be ssml or audio' using errcode = 'SL002';
  end if;
  if requeue_feedback.stage = 'ssml' then
    update public.analysis_feedback as f
    set ssml_status = 'queued', ssml_attempts = 0, ssml_deferred_seconds = 0,
      ssml_turn = case when btrim(f.message) <> '' then
        pipeline.last_ssml_turn(f.user_id) + 1
      end,
      ssml_available_at = case when btrim(f.message) <> '' then pipeline.now() end,
      ssml_error_code = null, ssml_last_error = null, ssml_updated_at = pipeline.now()
    where f.id = requeue_feedback.feedback_id and f.ssml_status = 'failed';
  else
    update public.analysis_feedback as f
    set audio_status = 'queued', audio_attempts = 0, audio_deferred_seconds = 0,
      audio_turn = (
        select pipeline.last_audio_turn(f.user_id) + 1 where exists (
          select from public.analysis_ssml_segments as s where s.feedback_id = f.id
        )
      ),
      audio_available_at = (
        select pipeline.now() where exists (
          select from public.analysis_ssml_segments as s where s.feedback_id = f.id
        )
      ),
      audio_error_code = null, audio_last_error = null, audio_updated_at = pipeline.now()
    where f.id = requeue_feedback.feedback_id and f.audio_status = 'failed';
  end if;
  if not found then
    raise exception '% of feedback % has not failed', stage, feedback_id using errcode = 'SL001';
  end if;
  perform nextval('pipeline.arrivals');
  return 'queued';
end
$$;

create function public.retry_analysis(analysis_job_id bigint)
returns text
-- Definer: owners may not write analysis_jobs. The owner is checked here.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if not exists (
    select from public.analysis_jobs as j
    where j.id = retry_analysis.analysis_job_id and j.user_id = (select auth.uid())
  ) then
    raise exception 'analysis job % not found', analysis_job_id using errcode = 'PT404';
  end if;
  return pipeline.requeue_analysis(retry_analysis.analysis_job_id);
end
$$;

create function public.retry_feedback(feedback_id bigint, stage text)
returns text
-- Definer: owners may not write analysis_feedback. The owner is checked here.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if not exists (
    select from public.analysis_feedback as f
    where f.id = retry_feedback.feedback_id and f.user_id = (select auth.uid())
  ) then
    raise exception 'feedback % not found', feedback_id using errcode = 'PT404';
  end if;
  return pipeline.requeue_feedback(retry_feedback.feedback_id, retry_feedback.stage);
end
$$;

comment on function public.retry_analysis(bigint) is
  'Queues the caller''s failed analysis anew. Errors: PT404 not found, SL001 not failed.';
comment on function public.retry_feedback(bigint, text) is
  'Queues the caller''s failed stage (ssml or audio) anew. '
  'Errors: PT404 not found, SL001 not failed, SL002 unknown stage.';

revoke all on function pipeline.requeue_analysis(bigint) from public, anon, authenticated;
revoke all on function pipeline.requeue_feedback(bigint, text) from public, anon, authenticated;
revoke all on function public.retry_analysis(bigint)
from public, anon, authenticated, service_role;
revoke all on function public.retry_feedback(bigint, text)
from public, anon, authenticated, service_role;
grant execute on function pipeline.requeue_analysis(bigint) to service_role;
grant execute on function pipeline.requeue_feedback(bigint, text) to service_role;
grant execute on function public.retry_analysis(bigint) to authenticated;
grant execute on function public.retry_feedback(bigint, text) to authenticated;
