-- How owners have videos made: create_render_job(), add_render_element() for each part, and
-- start_render(). What cannot be rendered is refused at once with a sentence (HTTP 422), and the
-- stable code in `details`; nothing is written then. The owner is checked in each function.

create function pipeline.refuse_unless(holds boolean, code text, says text)
returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if refuse_unless.holds is not true then
    raise exception '%', refuse_unless.says using errcode = 'PT422', detail = refuse_unless.code;
  end if;
end
$$;

-- The caller's render, locked.
create function pipeline.own_render(render_job_id bigint)
returns public.render_jobs
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_job public.render_jobs;
begin
  select j.* into v_job from public.render_jobs as j
  where j.id = own_render.render_job_id and j.user_id = (select auth.uid())
  for no key update;
  if not found then
    raise exception 'render % not found', render_job_id using errcode = 'PT404';
  end if;
  return v_job;
end
$$;

-- Writes a job with its rules checked. One owner's calls come one after the other, so that the
-- number of renders under way holds.
create function pipeline.insert_render(job public.render_jobs)
returns bigint
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_most int := (select s.max_tasks_per_user from pipeline.stages as s where s.stage = 'render');
  v_end numeric;
  v_id bigint;
begin
  perform
    pipeline.refuse_unless(job.format in ('mp4', 'webm'), 'format_unknown',
      'The format must be mp4 or webm.'),
    pipeline.refuse_unless(
      job.width between 16 and 3840 and job.height between 16 and 3840
        and job.width::bigint * job.height <= 3840 * 2160,
      'frame_size_out_of_range',
      'Width and height must be between 16 and 3840 pixels, and no more than 4K together.'),
    pipeline.refuse_unless(job.width % 2 = 0 and job.height % 2 = 0, 'frame_size_odd',
      'Width and height must be even numbers.'),
    pipeline.refuse_unless(job.fps between 1 and 60, 'fps_out_of_range',
      'There must be between 1 and 60 frames per second.'),
    pipeline.refuse_unless(job.response_type in ('immediate', 'async'), 'response_type_unknown',
      'The response type must be immediate or async.'),
    pipeline.refuse_unless(
      jsonb_typeof(job.options) = 'object' and pg_column_size(job.options) <= 2048,
      'options_invalid', 'The options must be a small object.');
  v_end := jsonb_path_query_first(
    job.options, '$.duration_seconds ? (@.type() == "number")'
  )::numeric;
  perform
    pipeline.refuse_unless(
      not job.options ? 'duration_seconds' or v_end between 0.001 and 3600,
      'duration_out_of_range', 'The duration must be between 0.001 and 3600 seconds.'),
    pipeline.refuse_unless(
      not job.options ? 'background' or job.options ->> 'background' ~ '^#[0-9a-fA-F]{6}$',
      'background_invalid', 'The background must be a colour such as #101820.');
  perform pg_advisory_xact_lock(hashtextextended('pipeline.renders ' || job.user_id, 0));
  if (
    select count(*) from public.render_jobs as j
    where j.user_id = job.user_id and j.status in ('queued', 'processing')
  ) >= v_most then
    raise exception 'at most % renders may be under way at once', v_most
      using errcode = 'PT429', hint = 'Wait for some of them, or cancel them.';
  end if;
  insert into public.render_jobs (
    user_id, video_recording_id, format, width, height, fps, response_type, options
  )
  values (
    job.user_id, job.video_recording_id, job.format, job.width, job.height, job.fps,
    job.response_type, job.options
  )
  returning id into v_id;
  return v_id;
end
$$;

create function public.create_render_job(
  format text, width int, height int, fps int, response_type text default 'async',
  options jsonb default '{}'
)
returns bigint
-- Definer: owners may not write render_jobs. The job is the caller's.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_job public.render_jobs;
begin
  perform pipeline.refuse_unless(
    jsonb_typeof(create_render_job.options) = 'object'
      and create_render_job.options - array['background', 'duration_seconds'] = '{}',
    'options_invalid', 'The options may be background and duration_seconds.'
  );
  v_job.user_id := (select auth.uid());
  v_job.format := create_render_job.format;
  v_job.width := create_render_job.width;
  v_job.height := create_render_job.height;
  v_job.fps := create_render_job.fps;
  v_job.response_type := create_render_job.response_type;
  v_job.options := create_render_job.options;
  return pipeline.insert_render(v_job);
end
$$;

-- What an element shows: words, or an object of its owner's that is there.
create function pipeline.check_source(element public.render_elements, user_id uuid)
returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
  perform
    pipeline.refuse_unless(
      element.element_type in ('video', 'image', 'audio', 'text', 'overlay'),
      'element_type_unknown', 'An element is a video, image, audio, text or overlay.'),
    pipeline.refuse_unless(
      element.fit_mode in ('auto', 'contain', 'cover', 'fill', 'stretch'), 'fit_mode_unknown',
      'The fit mode must be auto, contain, cover, fill or stretch.'),
    pipeline.refuse_unless(
      jsonb_typeof(element.style) = 'object' and pg_column_size(element.style) <= 2048,
      'style_invalid', 'The style must be a small object.');
  if element.element_type = 'text' then
    perform
      pipeline.refuse_unless(
        element.feedback_id is not null or element.text ~ '\S', 'text_missing',
        'A text needs words.'),
      -- A remark may be longer: its message and its drill together.
      pipeline.refuse_unless(
        element.feedback_id is not null or length(element.text) <= 2000, 'text_too_long',
        'A text has at most 2000 characters.'),
      pipeline.refuse_unless(
        element.source_path is null and element.source_bucket is null, 'source_unexpected',
        'A text has no source.');
    return;
  end if;
  perform
    pipeline.refuse_unless(element.text is null, 'text_unexpected', 'Only a text has words.'),
    pipeline.refuse_unless(
      element.source_bucket in ('raw', 'processed', 'assets') and element.source_path <> '',
      'source_invalid', 'A source is a path in bucket raw, processed or assets.'),
    pipeline.refuse_unless(
      starts_with(element.source_path, check_source.user_id::text || '/')
        and element.source_path !~ '(^|/)[.]{0,2}(/|$)',
      'source_not_yours', 'A source must be in your own folder.');
  perform pipeline.refuse_unless(
    exists (
      select from storage.objects as o
      where o.bucket_id = element.source_bucket and o.name = element.source_path
    ),
    'element_missing', 'There is nothing stored at the source''s path.'
  );
end
$$;

-- Where and when it is seen or heard. Nothing begins beyond the end, of the composition or of a
-- recording that it shows.
create function pipeline.check_placing(element public.render_elements, options jsonb)
returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_end numeric := coalesce((check_placing.options ->> 'duration_seconds')::numeric, 3600);
  v_length numeric := (
    select v.duration_seconds from public.video_recordings as v
    where element.source_bucket = 'raw' and v.storage_path = element.source_path
  );
begin
  perform
    pipeline.refuse_unless(element.layer between 0 and 99, 'layer_out_of_range',
      'A layer is a number from 0 to 99.'),
    pipeline.refuse_unless(
      element.x between -3840 and 3840 and element.y between -3840 and 3840,
      'position_out_of_range', 'The position must be between -3840 and 3840 pixels.'),
    pipeline.refuse_unless(
      coalesce(element.width, 1) between 1 and 3840
        and coalesce(element.height, 1) between 1 and 3840,
      'element_size_out_of_range', 'Width and height must be between 1 and 3840 pixels.'),
    pipeline.refuse_unless(
      element.volume between 0 and 2, 'volume_out_of_range', 'The volume is between 0 and 2.'),
    pipeline.refuse_unless(
      element.opacity between 0 and 1, 'opacity_out_of_range', 'The opacity is between 0 and 1.'),
    pipeline.refuse_unless(
      element.start_seconds >= 0 and element.trim_start_seconds between 0 and 3600
        and coalesce(element.duration_seconds, 1) >= 0.001,
      'time_negative', 'Times must be between 0 and 3600 seconds, a duration at least 0.001.'),
    pipeline.refuse_unless(
      element.start_seconds < v_end
        and element.start_seconds + coalesce(element.duration_seconds, 0) <= v_end,
      'element_out_of_range', format('The element must begin and end within %s seconds.', v_end)),
    pipeline.refuse_unless(
      v_length is null
        or element.trim_start_seconds + coalesce(element.duration_seconds, 0.001) <= v_length,
      'element_out_of_range', format('The source is only %s seconds long.', round(v_length, 2)));
end
$$;

create function public.add_render_element(
  render_job_id bigint, element_type text, layer int default 0,
  source_bucket text default null, source_path text default null, text text default null,
  style jsonb default '{}', x numeric default 0, y numeric default 0,
  width numeric default null, height numeric default null, fit_mode text default 'auto',
  start_seconds numeric default 0, duration_seconds numeric default null,
  trim_start_seconds numeric default 0, volume numeric default 1, opacity numeric default 1
)
returns bigint
-- Definer: owners may not write render_elements. The owner is checked here.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_job public.render_jobs := pipeline.own_render(add_render_element.render_job_id);
  v_element public.render_elements;
begin
  v_element := row(
    0, v_job.id, layer, element_type, source_bucket, source_path, text, style, x, y, width, height,
    fit_mode, start_seconds, duration_seconds, trim_start_seconds, volume, opacity, null
  );
  perform
    pipeline.refuse_unless(v_job.submitted_at is null, 'render_started',
      'A render that was started takes no more elements.'),
    pipeline.check_source(v_element, v_job.user_id),
    pipeline.check_placing(v_element, v_job.options);
  perform pipeline.refuse_unless(
    (select count(*) < 50 from public.render_elements as e where e.render_job_id = v_job.id),
    'too_many_elements', 'A render has at most 50 elements.'
  );
  v_element.id := nextval('public.render_elements_id_seq');
  insert into public.render_elements overriding system value values (v_element.*);
  return v_element.id;
end
$$;

comment on function public.create_render_job(text, int, int, int, text, jsonb) is
  'A render of the caller''s, to be given elements and started; its id. '
  'Errors: PT422 with the code in details, PT429 too many under way.';
comment on function public.add_render_element(
  bigint, text, int, text, text, text, jsonb, numeric, numeric, numeric, numeric, text, numeric,
  numeric, numeric, numeric, numeric
) is 'Gives the caller''s render a part; its id. Errors: PT404, PT422 with the code in details.';

revoke all on function
  pipeline.refuse_unless(boolean, text, text),
  pipeline.own_render(bigint),
  pipeline.insert_render(public.render_jobs),
  pipeline.check_source(public.render_elements, uuid),
  pipeline.check_placing(public.render_elements, jsonb)
from public, anon, authenticated;
revoke all on function
  public.create_render_job(text, int, int, int, text, jsonb),
  public.add_render_element(
    bigint, text, int, text, text, text, jsonb, numeric, numeric, numeric, numeric, text, numeric,
    numeric, numeric, numeric, numeric
  )
from public, anon, authenticated, service_role;
grant execute on function
  public.create_render_job(text, int, int, int, text, jsonb),
  public.add_render_element(
    bigint, text, int, text, text, text, jsonb, numeric, numeric, numeric, numeric, text, numeric,
    numeric, numeric, numeric, numeric
  )
to authenticated;
