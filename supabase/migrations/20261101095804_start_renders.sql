-- What owners do with a render: start it, cancel it, have it tried again when it failed.

-- Lets a worker have it, first or again.
create function pipeline.submit_render(render_job_id bigint, user_id uuid)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  perform pipeline.refuse_unless(
    exists (
      select from public.render_elements as e
      join public.render_jobs as j on j.id = e.render_job_id
      where j.id = submit_render.render_job_id and (
        e.duration_seconds is not null or e.element_type in ('video', 'audio')
        or j.options ? 'duration_seconds'
      )
    ),
    'nothing_to_render',
    'A render needs an element that lasts, or duration_seconds among its options.'
  );
  update public.render_jobs as j
  set submitted_at = pipeline.now(), status = 'queued', attempts = 0, error_code = null,
    last_error = null, progress_percent = 0, step = null, progress_at = null,
    updated_at = pipeline.now()
  where j.id = submit_render.render_job_id;
  perform pipeline.take_out(array['render'], array[render_job_id]);
  perform pipeline.enqueue('render', array[render_job_id], array[submit_render.user_id]);
end
$$;

create function public.start_render(render_job_id bigint)
returns text
-- Definer: owners may not write render_jobs. The owner is checked here.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_job public.render_jobs := pipeline.own_render(start_render.render_job_id);
begin
  if v_job.submitted_at is null and v_job.status = 'queued' then
    perform pipeline.submit_render(v_job.id, v_job.user_id);
  end if;
  return v_job.status;
end
$$;

create function public.cancel_render_job(render_job_id bigint)
returns text
-- Definer: owners may not write render_jobs. The owner is checked here.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_job public.render_jobs := pipeline.own_render(cancel_render_job.render_job_id);
begin
  if v_job.status in ('queued', 'processing') then
    update public.render_jobs as j
    set status = 'cancelled', step = null, updated_at = pipeline.now()
    where j.id = v_job.id;
    perform pipeline.take_out(array['render'], array[v_job.id]);
  elsif v_job.status <> 'cancelled' then
    raise exception 'render % is % already', v_job.id, v_job.status using errcode = 'PT409';
  end if;
  return 'cancelled';
end
$$;

create function public.retry_render(render_job_id bigint)
returns text
-- Definer: owners may not write render_jobs. The owner is checked here.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_job public.render_jobs := pipeline.own_render(retry_render.render_job_id);
begin
  if v_job.status not in ('failed', 'cancelled') then
    raise exception 'render % has not failed', v_job.id using errcode = 'SL001';
  end if;
  perform pipeline.submit_render(v_job.id, v_job.user_id);
  perform pipeline.count_retry('render', v_job.id);
  return 'queued';
end
$$;

comment on function public.start_render(bigint) is
  'Lets a worker have the caller''s render; its status. Errors: PT404, PT422 nothing_to_render.';
comment on function public.cancel_render_job(bigint) is
  'Stops the caller''s render, whoever works on it. Errors: PT404, PT409 it has ended.';
comment on function public.retry_render(bigint) is
  'Queues the caller''s failed or cancelled render anew. '
  'Errors: PT404 not found, SL001 not failed, PT422 nothing_to_render, PT429 retried too often.';

revoke all on function pipeline.submit_render(bigint, uuid) from public, anon, authenticated;
revoke all on function
  public.start_render(bigint), public.cancel_render_job(bigint), public.retry_render(bigint)
from public, anon, authenticated, service_role;
grant execute on function
  public.start_render(bigint), public.cancel_render_job(bigint), public.retry_render(bigint)
to authenticated;
