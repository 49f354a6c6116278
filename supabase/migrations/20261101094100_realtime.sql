-- The tables whose changes users watch. Realtime checks each row against the reader's policies.

alter publication supabase_realtime add table
  public.video_recordings,
  public.analysis_jobs,
  public.analysis_feedback,
  public.analysis_ssml_segments,
  public.analysis_audio_segments;
