-- Undoes 20261101100710_object_names.sql.

drop trigger render_jobs_200_unname_objects on public.render_jobs;
drop trigger render_jobs_200_rename_objects on public.render_jobs;
drop trigger render_jobs_200_name_objects on public.render_jobs;
drop trigger analysis_audio_segments_200_unname_objects on public.analysis_audio_segments;
drop trigger analysis_audio_segments_200_rename_objects on public.analysis_audio_segments;
drop trigger analysis_audio_segments_200_name_objects on public.analysis_audio_segments;
drop trigger video_recordings_200_unname_objects on public.video_recordings;
drop trigger video_recordings_200_rename_objects on public.video_recordings;
drop trigger video_recordings_200_name_objects on public.video_recordings;
drop function pipeline.renames_objects();
drop function pipeline.erase_folders(uuid[]);
drop function pipeline.unnames_objects();
drop function pipeline.names_objects();
drop function pipeline.keep_objects(text[], text[], boolean[]);
