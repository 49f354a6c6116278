-- Failed items, queued anew with all their attempts: by an operator (schema pipeline), or by the
-- owner, for whom the public functions check in SQL that the item is the caller's, and count how
-- often. The Data API turns SQLSTATE PT404 and PT429 into HTTP 404 and 429.

-- A job whose upload failed goes back to waiting for it, and so does the recording, or nobody would
-- look for its object. The recording is locked first, as everywhere: an upload that is completed in
-- the meantime is then seen by the statements that follow.
create function pipeline.requeue_analysis(analysis_job_id bigint)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_user uuid;
  v_recording public.video_recordings;
begin
  select v.* into v_recording from public.video_recordings as v
  where v.id = (
    select j.video_recording_id from public.analysis_jobs as j
    where j.id = requeue_analysis.analysis_job_id
  )
  for no key update;
  update public.analysis_jobs as j
  set status = 'queued', attempts = 0, error_code = null, last_error = null,
    updated_at = pipeline.now()
  where j.id = requeue_analysis.analysis_job_id and j.status = 'failed'
  returning j.user_id into v_user;
  if not found then
    raise exception 'analysis job % has not failed', analysis_job_id using errcode = 'SL001';
  end if;
  delete from pipeline.failures as f
  where f.stage = 'analysis' and f.subject_id = requeue_analysis.analysis_job_id;
  if v_recording.upload_status = 'completed' then
    perform pipeline.enqueue('analysis', array[analysis_job_id], array[v_user]);
  elsif v_recording.upload_status = 'failed' then
    update public.video_recordings as v
    set upload_status = 'pending', error_code = null, last_error = null
    where v.id = v_recording.id;
  end if;
  return 'queued';
end
$$;

-- Audio whose SSML the speech provider refused takes the way back: other SSML is written first.
create function pipeline.requeue_feedback(feedback_id bigint, stage text)
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v public.analysis_feedback;
begin
  if (requeue_feedback.stage in ('ssml', 'audio')) is not true then
    raise exception 'stage must be ssml or audio' using errcode = 'SL002';
  end if;
  select f.* into v from public.analysis_feedback as f
  where f.id = requeue_feedback.feedback_id
    and case requeue_feedback.stage when 'ssml' then f.ssml_status else f.audio_status end
      = 'failed'
  for no key update;
  if not found then
    raise exception '% of feedback % has not failed', stage, feedback_id using errcode = 'SL001';
  end if;
  if requeue_feedback.stage = 'audio' and v.audio_error_code = 'ssml_refused' then
    perform pipeline.begin_again(
      'ssml', 'audio', v.id, v.user_id, v.audio_error_code, v.audio_last_error
    );
    return 'queued';
  end if;
  update public.analysis_feedback as f
  set
    ssml_status = case stage when 'ssml' then 'queued' else f.ssml_status end,
    ssml_attempts = case stage when 'ssml' then 0 else f.ssml_attempts end,
    ssml_error_code = case stage when 'audio' then f.ssml_error_code end,
    ssml_last_error = case stage when 'audio' then f.ssml_last_error end,
    ssml_updated_at = case stage when 'ssml' then v_now else f.ssml_updated_at end,
    audio_status = case stage when 'audio' then 'queued' else f.audio_status end,
    audio_attempts = case stage when 'audio' then 0 else f.audio_attempts end,
    audio_error_code = case stage when 'ssml' then f.audio_error_code end,
    audio_last_error = case stage when 'ssml' then f.audio_last_error end,
    audio_updated_at = case stage when 'audio' then v_now else f.audio_updated_at end
  where f.id = v.id;
  delete from pipeline.failures as f
  where f.stage = requeue_feedback.stage and f.subject_id = v.id;
  if (requeue_feedback.stage = 'ssml' and btrim(v.message) <> '')
    or (requeue_feedback.stage = 'audio' and v.ssml_status = 'completed')
  then
    perform pipeline.enqueue(requeue_feedback.stage, array[v.id], array[v.user_id]);
  end if;
  return 'queued';
end
$$;

-- Counts an owner's retry of an item; raises PT429 where it has had them all.
create function pipeline.count_retry(stage text, id bigint)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_most int := (select s.max_retries from pipeline.stages as s where s.stage = count_retry.stage);
  v_count int;
begin
  insert into pipeline.retries as r (stage, subject_id, count)
  values (count_retry.stage, count_retry.id, 1)
  on conflict on constraint retries_pkey do update set count = r.count + 1
  returning r.count into v_count;
  if v_count > v_most then
    raise exception 'this was retried % times already', v_most
      using errcode = 'PT429', hint = 'Begin anew, or ask for help.';
  end if;
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
  perform pipeline.requeue_analysis(retry_analysis.analysis_job_id);
  perform pipeline.count_retry('analysis', retry_analysis.analysis_job_id);
  return 'queued';
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
  perform pipeline.requeue_feedback(retry_feedback.feedback_id, retry_feedback.stage);
  perform pipeline.count_retry(retry_feedback.stage, retry_feedback.feedback_id);
  return 'queued';
end
$$;

comment on function public.retry_analysis(bigint) is
  'Queues the caller''s failed analysis anew. '
  'Errors: PT404 not found, SL001 not failed, PT429 retried too often.';
comment on function public.retry_feedback(bigint, text) is
  'Queues the caller''s failed stage (ssml or audio) anew. '
  'Errors: PT404 not found, SL001 not failed, SL002 unknown stage, PT429 retried too often.';

revoke all on function pipeline.count_retry(text, bigint) from public, anon, authenticated;
revoke all on function pipeline.requeue_analysis(bigint) from public, anon, authenticated;
revoke all on function pipeline.requeue_feedback(bigint, text) from public, anon, authenticated;
revoke all on function public.retry_analysis(bigint)
from public, anon, authenticated, service_role;
revoke all on function public.retry_feedback(bigint, text)
from public, anon, authenticated, service_role;
grant execute on function pipeline.count_retry(text, bigint) to service_role;
grant execute on function pipeline.requeue_analysis(bigint) to service_role;
grant execute on function pipeline.requeue_feedback(bigint, text) to service_role;
grant execute on function public.retry_analysis(bigint) to authenticated;
grant execute on function public.retry_feedback(bigint, text) to authenticated;
