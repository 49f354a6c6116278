-- Undoes 20261101095805_coached_renders.sql.

drop function public.compose_coached_render(bigint, jsonb);
drop function pipeline.insert_coached_elements(
  bigint, public.video_recordings, public.analysis_jobs
);
drop function pipeline.coached_options(jsonb);
