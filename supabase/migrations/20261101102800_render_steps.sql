-- How far a render is: its worker tells of its steps, and of the file before it stores it.

-- Called by a worker at each step and at least each second: 'ok', its lease extended; or 'stale' or
-- 'cancelled', whereupon it stops. `state` of a step is started, completed or failed; without a
-- step it is progress alone. `path` names the file that the worker is about to store, so that it is
-- erased when it loses its name, whatever becomes of the worker.
create function pipeline.report_render_progress(
  id bigint, lease_token uuid, percent int, step text default null, state text default null,
  details jsonb default null, error_code text default null, path text default null
)
returns text
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_job public.render_jobs;
begin
  if (report_render_progress.percent between 0 and 100) is not true then
    raise exception 'percent must be between 0 and 100' using errcode = 'SL003';
  elsif report_render_progress.state not in ('started', 'completed', 'failed')
    or (report_render_progress.state is not null and report_render_progress.step is null)
  then
    raise exception 'state must be started, completed or failed, of a step' using errcode = 'SL003';
  end if;
  select j.* into v_job from public.render_jobs as j where j.id = report_render_progress.id
  for no key update;
  if v_job.status = 'cancelled' then
    return 'cancelled';
  elsif pipeline.extend('render', v_job.id, report_render_progress.lease_token) is null then
    return 'stale';
  end if;
  update public.render_jobs as j
  set progress_percent = report_render_progress.percent,
    step = case report_render_progress.state
      when 'started' then report_render_progress.step else j.step end,
    output_path = coalesce(report_render_progress.path, j.output_path),
    progress_at = pipeline.now()
  where j.id = v_job.id;
  if report_render_progress.state is not null then
    perform pipeline.tell_step(v_job, step, state, details, error_code);
  end if;
  return 'ok';
end
$$;

-- A step of the attempt that holds the job: a row when it begins, which its end completes.
create function pipeline.tell_step(
  job public.render_jobs, step text, state text, details jsonb, error_code text
)
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  update public.processing_timeline as p
  set ended_at = v_now, outcome = tell_step.state, error_code = left(tell_step.error_code, 100),
    details = coalesce(tell_step.details, p.details)
  where p.user_id = job.user_id and p.stage = 'render' and p.subject_id = job.id
    and p.attempt = job.attempts and p.step = tell_step.step and p.ended_at is null;
  if tell_step.state = 'started' then
    insert into public.processing_timeline
      (user_id, stage, subject_id, attempt, step, started_at, details)
    values (job.user_id, 'render', job.id, job.attempts, tell_step.step, v_now, tell_step.details);
  end if;
end
$$;

-- A step does not outlast its attempt, whatever ended that; a claim ends that of a lost worker.
create function pipeline.end_steps()
returns trigger
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
begin
  update public.processing_timeline as p
  set ended_at = pipeline.now(), outcome = case new.status
      when 'processing' then 'lost' when 'queued' then 'retried' else new.status end
  where p.user_id = new.user_id and p.stage = 'render' and p.subject_id = new.id
    and p.step is not null and p.ended_at is null;
  return null;
end
$$;

create trigger render_jobs_500_end_steps
after update of status on public.render_jobs
for each row when (old.status = 'processing')
execute function pipeline.end_steps();

-- What did not become a video names no file any more: it goes to stage `erase`.
create function pipeline.unname_output()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  new.output_path := null;
  return new;
end
$$;

create trigger render_jobs_100_unname_output
before update of status on public.render_jobs
for each row when (new.status in ('failed', 'cancelled') and new.output_path is not null)
execute function pipeline.unname_output();

revoke all on function
  pipeline.report_render_progress(bigint, uuid, int, text, text, jsonb, text, text),
  pipeline.tell_step(public.render_jobs, text, text, jsonb, text),
  pipeline.end_steps(),
  pipeline.unname_output()
from public, anon, authenticated;
grant execute on function
  pipeline.report_render_progress(bigint, uuid, int, text, text, jsonb, text, text),
  pipeline.tell_step(public.render_jobs, text, text, jsonb, text)
to service_role;
