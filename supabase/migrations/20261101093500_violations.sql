-- What must never be: each row of the view is a rule that a row of the data breaks. Tests end by
-- asking it, and so may a monitor in production; it reads the tables whole.

-- The items of all stages, from their views.
create function pipeline.items()
returns table (
  stage text, id bigint, user_id uuid, status text, attempts int, error_code text,
  has_input boolean, parent_failed boolean
)
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_stage text;
begin
  for v_stage in select s.stage from pipeline.stages as s loop
    return query execute format(
      'select %L, i.id, i.user_id, i.status::text, i.attempts, i.error_code, i.has_input,
         i.parent_failed
       from pipeline.%I as i', v_stage, v_stage || '_items'
    );
  end loop;
end
$$;

create view pipeline.violations with (security_invoker = true) as
with items as materialized (select i.* from pipeline.items() as i),
pairs as (
  select coalesce(t.stage, i.stage) as stage, coalesce(t.subject_id, i.id) as id, i.status,
    i.has_input, i.attempts, i.user_id, t.stage is not null as has_task, t.attempts as tried,
    t.user_id as task_user, t.lease_token, t.turn
  from items as i
  full join pipeline.tasks as t on t.stage = i.stage and t.subject_id = i.id
)
select 'a task is of an item that is queued or processing' as rule, b.stage, b.id,
  coalesce('it is ' || b.status, 'there is no such item') as detail
from pairs as b
where b.has_task and (b.status is null or b.status not in ('queued', 'processing'))
union all
select 'a processing item has a lease', b.stage, b.id,
  case when b.has_task then 'its task has no token' else 'it has no task' end
from pairs as b
where b.status = 'processing' and b.lease_token is null
union all
select 'a lease is held by a processing item', b.stage, b.id, 'status is ' || b.status
from pairs as b
where b.status = 'queued' and b.lease_token is not null
union all
select 'an item whose input is there can be claimed', b.stage, b.id, 'it has no task'
from pairs as b
where b.status = 'queued' and b.has_input and not b.has_task
union all
select 'an item waits for its input', b.stage, b.id, 'it has a task without it'
from pairs as b
where b.has_task and b.status in ('queued', 'processing') and not b.has_input
union all
select 'task and item agree', b.stage, b.id,
  format('%s attempts of the task, %s of the item, owners %s and %s', b.tried, b.attempts,
    b.task_user, b.user_id)
from pairs as b
where b.has_task and (b.tried <> b.attempts or b.task_user <> b.user_id)
union all
-- Of an upload its owner may say that it failed, and no more.
select 'a failed item says why', i.stage, i.id, 'error_code is null'
from items as i
where i.status = 'failed' and i.error_code is null and i.stage <> 'upload'
union all
select 'what is listed as failed has failed', f.stage, f.subject_id,
  coalesce('it is ' || i.status, 'there is no such item')
from pipeline.failures as f
left join items as i on i.stage = f.stage and i.id = f.subject_id
where i.status is distinct from 'failed'
union all
select 'a failed parent has no live child', i.stage, i.id, 'it is ' || i.status
from items as i
join pipeline.tasks as t on t.stage = i.stage and t.subject_id = i.id
where i.parent_failed
union all
select 'a completed upload has a job', 'analysis', v.id, 'no job of this recording'
from public.video_recordings as v
where v.upload_status = 'completed'
  and not exists (select from public.analysis_jobs as j where j.video_recording_id = v.id)
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
where f.ssml_status = 'completed' and f.ssml_error_code is distinct from 'nothing_to_say'
  and not exists (select from public.analysis_ssml_segments as s where s.feedback_id = f.id)
union all
select 'a completed audio speaks every SSML segment', 'audio', f.id,
  format('segment %s is silent', s.segment_index)
from public.analysis_feedback as f
join public.analysis_ssml_segments as s on s.feedback_id = f.id
where f.audio_status = 'completed' and f.audio_error_code is distinct from 'audio_deleted'
  and not exists (
    select from public.analysis_audio_segments as a
    where a.feedback_id = s.feedback_id and a.segment_index = s.segment_index
  )
union all
select 'audio comes from SSML', 'audio', f.id, 'completed without an SSML segment'
from public.analysis_feedback as f
where f.audio_status = 'completed' and f.ssml_error_code is distinct from 'nothing_to_say'
  and not exists (select from public.analysis_ssml_segments as s where s.feedback_id = f.id);

comment on view pipeline.violations is 'Rules that rows of the data break. No row, ever.';
comment on column pipeline.violations.rule is 'The rule that is broken.';
comment on column pipeline.violations.stage is 'The stage it is about.';
comment on column pipeline.violations.id is
  'Of the analysis job or feedback; of the recording where the rule is about recordings.';
comment on column pipeline.violations.detail is 'What was found instead.';

revoke all on table pipeline.violations from public, anon, authenticated, service_role;
grant select on table pipeline.violations to service_role;

revoke all on function pipeline.items()
from public, anon, authenticated;
grant execute on function pipeline.items()
to service_role;
