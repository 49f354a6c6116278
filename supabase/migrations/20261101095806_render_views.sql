-- What owners ask of their renders: a summary of each, those under way and how they fare, how long
-- one still takes, and figures over a time. All of it with the caller's rights.

create view public.render_summary with (security_invoker = true) as
select j.id, j.user_id, j.video_recording_id, j.options ->> 'mode' as mode, j.status, j.attempts,
  j.error_code, j.last_error, j.format, j.width, j.height, j.fps, j.progress_percent, j.step,
  j.submitted_at, j.started_at, j.output_path, j.output_bytes, j.duration_seconds,
  e.elements, e.remarks,
  extract(epoch from case j.status
    when 'processing' then pipeline.now() else j.updated_at end - j.started_at) as elapsed_seconds,
  j.created_at, j.updated_at
from public.render_jobs as j
cross join lateral (
  select count(*) filter (where p.feedback_id is null) as elements,
    count(distinct p.feedback_id) as remarks
  from public.render_elements as p where p.render_job_id = j.id
) as e;

comment on view public.render_summary is 'Each render with what it is composed of, in numbers.';
comment on column public.render_summary.id is 'The render job.';
comment on column public.render_summary.user_id is 'Owner.';
comment on column public.render_summary.video_recording_id is 'The recording of a coached video.';
comment on column public.render_summary.mode is 'freeze or duck; null for no coached video.';
comment on column public.render_summary.status is 'Its status.';
comment on column public.render_summary.attempts is 'Its attempts.';
comment on column public.render_summary.error_code is 'Its last error.';
comment on column public.render_summary.last_error is 'The same as a sentence.';
comment on column public.render_summary.format is 'mp4 or webm.';
comment on column public.render_summary.width is 'Pixels.';
comment on column public.render_summary.height is 'Pixels.';
comment on column public.render_summary.fps is 'Frames per second.';
comment on column public.render_summary.progress_percent is 'How much of it is done.';
comment on column public.render_summary.step is 'What its worker is at.';
comment on column public.render_summary.submitted_at is 'When it was started by its owner.';
comment on column public.render_summary.started_at is 'When a worker last took it.';
comment on column public.render_summary.output_path is 'The file, in bucket processed.';
comment on column public.render_summary.output_bytes is 'Bytes of the file.';
comment on column public.render_summary.duration_seconds is 'Length of the file.';
comment on column public.render_summary.elements is 'Elements, those of remarks left out.';
comment on column public.render_summary.remarks is 'Remarks that it says or shows.';
comment on column public.render_summary.elapsed_seconds is 'How long its last attempt took.';
comment on column public.render_summary.created_at is 'When it was made.';
comment on column public.render_summary.updated_at is 'When its status last changed.';

-- A worker tells of its render at least each second, so silence says that it is slow or gone; one
-- that is gone is taken over when its lease has ended.
create view public.active_renders with (security_invoker = true) as
select j.id, j.user_id, j.video_recording_id, j.status, j.attempts, j.progress_percent, j.step,
  s.silent_seconds,
  case
    when s.silent_seconds < (case j.status when 'processing' then 10 else 60 end) then 'healthy'
    when s.silent_seconds < (case j.status when 'processing' then 60 else 600 end) then 'slow'
    else 'stalled'
  end as processing_health,
  j.submitted_at, j.started_at
from public.render_jobs as j
cross join lateral (
  select extract(epoch from pipeline.now() - case j.status
    when 'processing' then j.progress_at else j.submitted_at end) as silent_seconds
) as s
where j.status in ('queued', 'processing') and j.submitted_at is not null;

comment on view public.active_renders is 'Renders that wait for a worker or have one.';
comment on column public.active_renders.id is 'The render job.';
comment on column public.active_renders.user_id is 'Owner.';
comment on column public.active_renders.video_recording_id is 'The recording of a coached video.';
comment on column public.active_renders.status is 'queued or processing.';
comment on column public.active_renders.attempts is 'Its attempts.';
comment on column public.active_renders.progress_percent is 'How much of it is done.';
comment on column public.active_renders.step is 'What its worker is at.';
comment on column public.active_renders.silent_seconds is
  'Since its worker last told of it; without a worker, since it was submitted.';
comment on column public.active_renders.processing_health is
  'healthy; slow: silent for 10 s, or waiting for a minute; stalled: for 60 s, or ten minutes.';
comment on column public.active_renders.submitted_at is 'When it was started by its owner.';
comment on column public.active_renders.started_at is 'When a worker took it.';

-- How far the caller's render is, and how long it still takes if it goes on like this; null while
-- nothing is known. No row where there is no such render.
create function public.calculate_render_progress(render_job_id bigint)
returns table (
  status text, step text, percent int, elapsed_seconds numeric, remaining_seconds numeric
)
language sql stable security invoker set search_path = ''
as $$
  select s.status::text, s.step::text, s.progress_percent, round(s.elapsed_seconds, 1),
    case
      when s.status = 'completed' then 0
      when s.status = 'processing' and s.progress_percent > 0
        then round(s.elapsed_seconds * (100 - s.progress_percent) / s.progress_percent, 1)
    end
  from public.render_summary as s
  where s.id = calculate_render_progress.render_job_id
$$;

-- The caller's renders that were made in this time, in figures.
create function public.get_render_statistics(since timestamptz, until timestamptz)
returns table (
  renders bigint, completed bigint, failed bigint, cancelled bigint, under_way bigint,
  video_seconds numeric, bytes numeric, median_render_seconds numeric,
  slowest_render_seconds numeric, attempts bigint, timed_out bigint
)
language sql stable security invoker set search_path = ''
as $$
  select count(*), count(*) filter (where s.status = 'completed'),
    count(*) filter (where s.status = 'failed'), count(*) filter (where s.status = 'cancelled'),
    count(*) filter (where s.status in ('queued', 'processing')),
    coalesce(sum(s.duration_seconds), 0), coalesce(sum(s.output_bytes), 0),
    (
      percentile_cont(0.5) within group (order by s.elapsed_seconds::double precision)
      filter (where s.status = 'completed')
    )::numeric,
    max(s.elapsed_seconds) filter (where s.status = 'completed'), coalesce(sum(s.attempts), 0),
    count(*) filter (where s.error_code = 'out_of_time')
  from public.render_summary as s
  where s.created_at >= get_render_statistics.since
    and s.created_at < get_render_statistics.until
$$;

comment on function public.calculate_render_progress(bigint) is
  'How far the caller''s render is, and how long it still takes.';
comment on function public.get_render_statistics(timestamptz, timestamptz) is
  'The caller''s renders made since a time and before another, in figures.';

revoke all on table public.render_summary, public.active_renders
from public, anon, authenticated, service_role;
grant select on table public.render_summary, public.active_renders
to authenticated, service_role;

revoke all on function
  public.calculate_render_progress(bigint),
  public.get_render_statistics(timestamptz, timestamptz)
from public, anon, authenticated;
grant execute on function
  public.calculate_render_progress(bigint),
  public.get_render_statistics(timestamptz, timestamptz)
to authenticated, service_role;
