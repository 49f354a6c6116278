-- Stage `render`: from elements to one video file. One item is a render job. Its worker is no Edge
-- Function but a process that asks for work by itself (packages/render-worker), so nobody is woken.

create sequence pipeline.render_served_turn as bigint minvalue 0 start 0;

comment on sequence pipeline.render_served_turn is 'The latest turn claimed of stage render.';

insert into pipeline.stages (
  stage, place, batch_size, max_concurrency, max_concurrency_per_user, max_tasks_per_user,
  daily_attempts_per_user
)
values ('render', 4, 1, 64, 4, 20, 100);

create view pipeline.render_items with (security_invoker = true) as
select j.id, j.user_id, j.status, j.attempts, j.error_code, j.last_error, j.updated_at,
  j.submitted_at is not null as has_input, false as parent_failed
from public.render_jobs as j;

comment on view pipeline.render_items is 'The items of stage render.';
comment on column pipeline.render_items.id is 'The render job.';
comment on column pipeline.render_items.user_id is 'Its owner.';
comment on column pipeline.render_items.status is 'Its status.';
comment on column pipeline.render_items.attempts is 'Its attempts.';
comment on column pipeline.render_items.error_code is 'Its last error.';
comment on column pipeline.render_items.last_error is 'The same as a sentence.';
comment on column pipeline.render_items.updated_at is 'When its status changed.';
comment on column pipeline.render_items.has_input is 'Whether it was submitted.';
comment on column pipeline.render_items.parent_failed is 'False: there is no parent.';

create trigger render_jobs_900_drop_tasks
after delete on public.render_jobs
referencing old table as old_rows
for each statement execute function pipeline.drop_tasks('render');

-- The elements that are drawn and heard as they stand, and, of a coached video, its remarks with
-- what is said and shown at each, and the clip that they are about: the element of layer 0.
create function pipeline.composition_of(
  render_job_id bigint, options jsonb, out elements jsonb, out coaching jsonb
)
language sql stable security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
  with parts as materialized (
    select e.* from public.render_elements as e
    where e.render_job_id = composition_of.render_job_id
  ),
  remarks as (
    select jsonb_build_object(
      'feedback_id', t.feedback_id, 'start_seconds', t.start_seconds,
      'end_seconds', t.start_seconds + t.duration_seconds, 'message', t.text,
      'language', t.style -> 'language', 'severity', t.style -> 'severity',
      'audio', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'path', a.source_path, 'format', a.style -> 'format',
          'duration_ms', round(a.duration_seconds * 1000), 'captions_path', a.style -> 'captions'
        ) order by a.id), '[]')
        from parts as a where a.feedback_id = t.feedback_id and a.element_type = 'audio'
      )
    ) as remark, t.start_seconds, t.id
    from parts as t where t.feedback_id is not null and t.element_type = 'text'
  )
  select
    (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', e.id, 'layer', e.layer, 'element_type', e.element_type, 'bucket', e.source_bucket,
        'path', e.source_path, 'text', e.text, 'style', e.style, 'x', e.x, 'y', e.y,
        'width', e.width, 'height', e.height, 'fit_mode', e.fit_mode,
        'start_seconds', e.start_seconds, 'duration_seconds', e.duration_seconds,
        'trim_start_seconds', e.trim_start_seconds, 'volume', e.volume, 'opacity', e.opacity
      ) order by e.layer, e.id), '[]')
      from parts as e where e.feedback_id is null
    ),
    (
      select jsonb_build_object(
        'mode', composition_of.options -> 'mode',
        'captions', composition_of.options -> 'captions',
        'remarks', (
          select coalesce(jsonb_agg(r.remark order by r.start_seconds, r.id), '[]')
          from remarks as r
        ),
        'source', jsonb_build_object(
          'bucket', c.source_bucket, 'path', c.source_path,
          'duration_seconds', c.style -> 'duration_seconds'
        )
      )
      from parts as c
      where composition_of.options ? 'mode' and c.feedback_id is null
      order by c.layer, c.id
      limit 1
    )
$$;

create function pipeline.claim_render(
  batch_size int default null, lease_seconds int default null, model text default null,
  busy boolean default false
)
returns table (
  id bigint, lease_token uuid, attempt int, lease_expires_at timestamptz, alone boolean,
  user_id uuid, correlation_id uuid, format text, width int, height int, fps int, options jsonb,
  elements jsonb, coaching jsonb
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v pipeline.claim := pipeline.pick('render', batch_size, lease_seconds, model, busy);
begin
  if v.ids = '{}' then
    return;
  end if;
  return query
  with shown as materialized (
    update public.render_jobs as j
    set status = 'processing', attempts = v.attempts[array_position(v.ids, j.id)],
      started_at = v.at, progress_percent = 0, step = null, progress_at = v.at,
      updated_at = v.at
    where j.id = any (array(
      select h.id from public.render_jobs as h where h.id = any (v.ids)
      for no key update skip locked
    ))
    returning j.*
  )
  select s.id, l.lease_token, l.attempt, v.lease_ends_at, l.alone, s.user_id, s.correlation_id,
    s.format, s.width, s.height, s.fps, s.options, c.elements, c.coaching
  from pipeline.lease(v, array(select c.id from shown as c)) as l
  join shown as s on s.id = l.subject_id
  cross join lateral pipeline.composition_of(s.id, s.options) as c
  order by s.id;
end
$$;

-- A worker hands in the file that it has stored.
create function pipeline.complete_render(results jsonb)
returns table (id bigint, outcome text)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  f pipeline.handed_in := pipeline.hand_in(
    'render', results, null,
    row('path (a text), bytes and frames (whole numbers from 1), duration_seconds (more than 0) '
      'and checksum (SHA-256 in hexadecimal) are needed', '
      $[*] ? (!(@.path.type() == "string" && @.path like_regex "\\S"
        && @.bytes.type() == "number" && @.bytes >= 1 && @.bytes.floor() == @.bytes
        && @.frames.type() == "number" && @.frames >= 1 && @.frames.floor() == @.frames
        && @.frames < 2147483648 && @.bytes < 1000000000000
        && @.duration_seconds.type() == "number" && @.duration_seconds > 0
        && @.checksum.type() == "string" && @.checksum like_regex "^[0-9a-f]{64}$"))')
  );
begin
  update public.render_jobs as j
  set status = 'completed', error_code = null, last_error = null, progress_percent = 100,
    step = null, output_path = r.path, output_bytes = r.bytes, output_frames = r.frames,
    output_checksum = r.checksum, duration_seconds = r.duration_seconds,
    progress_at = f.at, updated_at = f.at
  from jsonb_to_recordset(complete_render.results)
    as r (id bigint, path text, bytes bigint, frames int, duration_seconds numeric, checksum text)
  where j.id = r.id and j.id = any (f.done);
  return query select o.* from pipeline.outcomes(f.ids, f.done, f.busy) as o;
end
$$;

revoke all on sequence pipeline.render_served_turn
from public, anon, authenticated, service_role;
grant select, update on sequence pipeline.render_served_turn to service_role;
revoke all on table pipeline.render_items from public, anon, authenticated, service_role;
grant select, update on table pipeline.render_items to service_role;

revoke all on function
  pipeline.composition_of(bigint, jsonb),
  pipeline.claim_render(int, int, text, boolean),
  pipeline.complete_render(jsonb)
from public, anon, authenticated;
grant execute on function
  pipeline.composition_of(bigint, jsonb),
  pipeline.claim_render(int, int, text, boolean),
  pipeline.complete_render(jsonb)
to service_role;
