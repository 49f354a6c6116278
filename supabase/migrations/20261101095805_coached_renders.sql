-- The coached video of a recording: the clip, and each remark heard and read at its moment. All of
-- it is composed and started in one call.

-- The options of a coached video, whole: what was not given has its default.
create function pipeline.coached_options(options jsonb)
returns jsonb
language plpgsql immutable security invoker set search_path = ''
as $$
declare
  v jsonb := '{"mode": "freeze", "captions": true, "size": 720, "shape": "source", "fps": 30,
    "format": "mp4", "response_type": "async"}';
begin
  perform pipeline.refuse_unless(
    jsonb_typeof(options) = 'object' and options - array(select jsonb_object_keys(v)) = '{}',
    'options_invalid',
    'The options may be mode, captions, size, shape, fps, format and response_type.'
  );
  v := v || options;
  perform
    pipeline.refuse_unless(v ->> 'mode' in ('freeze', 'duck'), 'mode_unknown',
      'The mode must be freeze or duck.'),
    pipeline.refuse_unless(jsonb_typeof(v -> 'captions') = 'boolean', 'captions_invalid',
      'The option captions must be true or false.'),
    pipeline.refuse_unless(v -> 'size' in ('360', '480', '720', '1080'), 'size_unknown',
      'The size must be 360, 480, 720 or 1080.'),
    pipeline.refuse_unless(v ->> 'shape' in ('source', 'landscape', 'portrait', 'square'),
      'shape_unknown', 'The shape must be source, landscape, portrait or square.'),
    pipeline.refuse_unless(v @? '$.fps ? (@.type() == "number" && @ >= 1 && @ <= 60)',
      'fps_out_of_range', 'There must be between 1 and 60 frames per second.');
  return v || jsonb_build_object('size', (v ->> 'size')::numeric::int);
end
$$;

-- The clip, and of each remark its words and its pieces of audio.
create function pipeline.insert_coached_elements(
  render_job_id bigint, recording public.video_recordings, analysis public.analysis_jobs
)
returns void
language sql volatile security invoker set search_path = ''
as $$
  insert into public.render_elements
    (render_job_id, element_type, source_bucket, source_path, style)
  values (
    insert_coached_elements.render_job_id, 'video', 'raw', recording.storage_path,
    jsonb_build_object('duration_seconds', recording.duration_seconds)
  );
  with remarks as (
    select f.id, least(f.start_seconds, 3599) as start_seconds, f.end_seconds, f.severity,
      concat_ws(' ', f.message, nullif(f.drill, '')) as words
    from public.analysis_feedback as f
    where f.analysis_job_id = analysis.id
      and btrim(f.message) <> ''
  )
  insert into public.render_elements (
    render_job_id, layer, element_type, text, source_bucket, source_path, style, start_seconds,
    duration_seconds, feedback_id
  )
  select insert_coached_elements.render_job_id, 2, 'text', r.words, null, null,
    jsonb_build_object(
      'language', coalesce(analysis.language, recording.language), 'severity', r.severity
    ),
    r.start_seconds, greatest(least(r.end_seconds, 3600) - r.start_seconds, 0.001), r.id
  from remarks as r
  union all
  select insert_coached_elements.render_job_id, 1, 'audio', null, 'processed', a.audio_url,
    jsonb_build_object('format', a.format, 'captions', a.captions_url),
    r.start_seconds, a.duration_ms / 1000.0, r.id
  from (
    select s.* from public.analysis_audio_segments as s
    where s.feedback_id in (select r.id from remarks as r)
    order by s.feedback_id, s.segment_index
  ) as a
  join remarks as r on r.id = a.feedback_id
$$;

-- Remarks whose speech failed are read only. Speech that is still being made is waited for.
create function public.compose_coached_render(recording_id bigint, options jsonb default '{}')
returns bigint
-- Definer: owners may not write renders. The owner is checked here.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_options jsonb := pipeline.coached_options(compose_coached_render.options);
  v_recording public.video_recordings;
  v_analysis public.analysis_jobs;
  v_job public.render_jobs;
  v_long int;
begin
  select v.* into v_recording from public.video_recordings as v
  where v.id = compose_coached_render.recording_id and v.user_id = (select auth.uid())
  for key share;
  if not found then
    raise exception 'recording % not found', recording_id using errcode = 'PT404';
  end if;
  select j.* into v_analysis from public.analysis_jobs as j
  where j.video_recording_id = v_recording.id and j.status = 'completed';
  if not found or exists (
    select from public.analysis_feedback as f
    where f.analysis_job_id = v_analysis.id and f.ssml_status <> 'failed'
      and f.audio_status in ('queued', 'processing') and btrim(f.message) <> ''
  ) then
    raise exception 'the feedback of recording % is not complete yet', recording_id
      using errcode = 'PT409', detail = 'feedback_incomplete';
  end if;
  v_job.user_id := v_recording.user_id;
  v_job.video_recording_id := v_recording.id;
  v_job.format := v_options ->> 'format';
  v_job.fps := (v_options ->> 'fps')::numeric::int;
  v_job.response_type := v_options ->> 'response_type';
  v_long := (v_options ->> 'size')::int * 16 / 9 / 2 * 2;
  v_job.width := case v_options ->> 'shape' when 'landscape' then v_long when 'source' then v_long
    else (v_options ->> 'size')::int end;
  v_job.height := case v_options ->> 'shape' when 'portrait' then v_long
    else (v_options ->> 'size')::int end;
  v_job.options := v_options - array['format', 'fps', 'response_type'];
  v_job.id := pipeline.insert_render(v_job);
  perform pipeline.insert_coached_elements(v_job.id, v_recording, v_analysis);
  perform pipeline.refuse_unless(
    exists (
      select from public.render_elements as e
      where e.render_job_id = v_job.id and e.feedback_id is not null
    ),
    'nothing_to_render', 'The recording has no remarks that could be heard or read.'
  );
  perform pipeline.check_source(e, v_recording.user_id) from public.render_elements as e
  where e.render_job_id = v_job.id;
  perform pipeline.submit_render(v_job.id, v_job.user_id);
  return v_job.id;
end
$$;

comment on function public.compose_coached_render(bigint, jsonb) is
  'Has the coached video of the caller''s recording made; the render''s id. Options: mode (freeze, '
  'duck), captions, size (360 to 1080), shape (source, landscape, portrait, square), fps, format, '
  'response_type. Errors: PT404, PT409 feedback_incomplete, PT422 with the code in details, PT429.';

revoke all on function
  pipeline.coached_options(jsonb),
  pipeline.insert_coached_elements(bigint, public.video_recordings, public.analysis_jobs)
from public, anon, authenticated;
revoke all on function public.compose_coached_render(bigint, jsonb)
from public, anon, authenticated, service_role;
grant execute on function public.compose_coached_render(bigint, jsonb) to authenticated;
