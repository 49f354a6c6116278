-- Undoes 20261101094100_realtime.sql.

alter publication supabase_realtime drop table
  public.analysis_audio_segments,
  public.analysis_ssml_segments,
  public.analysis_feedback,
  public.analysis_jobs,
  public.video_recordings;
