-- What must never be: each row of the view is a rule that a row of the data breaks. Tests end by
-- asking it, and so may a monitor in production; it reads the tables whole.

create view pipeline.violations with (security_invoker = true) as
with stages as (
  select
    'analysis' as stage, j.id, j.status, j.attempts, j.available_at, j.lease_token, j.error_code,
    j.updated_at,
    v.upload_status = 'completed' as has_input, v.upload_status = 'failed' as parent_failed
  from public.analysis_jobs as j
  join public.video_recordings as v on v.id = j.video_recording_id
  union all
  select
    'ssml', f.id, f.ssml_status, f.ssml_attempts, f.ssml_available_at, f.ssml_lease_token,
    f.ssml_error_code, f.ssml_updated_at, btrim(f.message) <> '', j.status = 'failed'
  from public.analysis_feedback as f
  join public.analysis_jobs as j on j.id = f.analysis_job_id
  union all
  select
    'audio', f.id, f.audio_status, f.audio_attempts, f.audio_available_at, f.audio_lease_token,
    f.audio_error_code, f.audio_updated_at,
    exists (select from public.analysis_ssml_segments as s where s.feedback_id = f.id),
    j.status = 'failed'
  from public.analysis_feedback as f
  join public.analysis_jobs as j on j.id = f.analysis_job_id
)
select 'a processing item has a lease' as rule, s.stage, s.id,
  'lease_token or available_at is null' as detail
from stages as s
where s.status = 'processing' and (s.lease_token is null or s.available_at is null)
union all
select 'a lease is held by a processing item', s.stage, s.id, 'status is ' || s.status
from stages as s
where s.status <> 'processing' and s.lease_token is not null
union all
select 'attempts stay within the maximum', s.stage, s.id,
  format('%s attempts, %s allowed', s.attempts, p.max_attempts)
from stages as s
join pipeline.stages as p using (stage)
where s.status = 'processing' and s.attempts > p.max_attempts
  -- What was claimed before the maximum was lowered keeps its attempt.
  and (p.max_attempts_lowered_at is null or s.updated_at > p.max_attempts_lowered_at)
union all
select 'a failed item says why', s.stage, s.id, 'error_code is null'
from stages as s
where s.status = 'failed' and s.error_code is null
union all
select 'an item whose input is there can be claimed', s.stage, s.id, 'available_at is null'
from stages as s
where s.status = 'queued' and s.has_input and s.available_at is null
union all
select 'an item waits for its input', s.stage, s.id, 'there is no input, and it is ' || s.status
from stages as s
where s.stage <> 'analysis' and s.status in ('queued', 'processing') and not s.has_input
  and s.available_at is not null
union all
select 'a failed parent has no live child', s.stage, s.id, 'it is ' || s.status
from stages as s
where s.parent_failed and s.status in ('queued', 'processing') and s.available_at is not null
union all
select 'a completed upload has a job', 'analysis', v.id, 'no job of this recording'
from public.video_recordings as v
where v.upload_status = 'completed'
  and not exists (select from public.analysis_jobs as j where j.video_recording_id = v.id)
union all
select 'a recording has one job', 'analysis', j.video_recording_id, format('%s jobs', count(*))
from public.analysis_jobs as j
group by j.video_recording_id
having count(*) > 1
union all
select 'all of a recording is its owner''s', 'analysis', j.id, 'the job is somebody else''s'
from public.analysis_jobs as j
join public.video_recordings as v on v.id = j.video_recording_id
where j.user_id <> v.user_id
union all
select 'all of a recording is its owner''s', 'ssml', f.id, 'the feedback is somebody else''s'
from public.analysis_feedback as f
join public.analysis_jobs as j on j.id = f.analysis_job_id
where f.user_id <> j.user_id
union all
select 'a completed SSML has segments', 'ssml', f.id, 'no segment'
from public.analysis_feedback as f
where f.ssml_status = 'completed'
  and not exists (select from public.analysis_ssml_segments as s where s.feedback_id = f.id)
union all
select 'a completed audio speaks every SSML segment', 'audio', f.id,
  format('segment %s is silent', s.segment_index)
from public.analysis_feedback as f
join public.analysis_ssml_segments as s on s.feedback_id = f.id
where f.audio_status = 'completed'
  and not exists (
    select from public.analysis_audio_segments as a
    where a.feedback_id = s.feedback_id and a.segment_index = s.segment_index
  )
union all
select 'audio comes from SSML', 'audio', f.id, 'completed without an SSML segment'
from public.analysis_feedback as f
where f.audio_status = 'completed'
  and not exists (select from public.analysis_ssml_segments as s where s.feedback_id = f.id);

comment on view pipeline.violations is 'Rules that rows of the data break. No row, ever.';
comment on column pipeline.violations.rule is 'The rule that is broken.';
comment on column pipeline.violations.stage is 'The stage it is about.';
comment on column pipeline.violations.id is
  'Of the analysis job or feedback; of the recording where the rule is about recordings.';
comment on column pipeline.violations.detail is 'What was found instead.';

revoke all on table pipeline.violations from public, anon, authenticated, service_role;
grant select on table pipeline.violations to service_role;
