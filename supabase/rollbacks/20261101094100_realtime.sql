-- Undoes 20261101094100_realtime.sql.

revoke select (id) on table public.analysis_audio_segments from anon;
revoke select (id) on table public.analysis_ssml_segments from anon;
revoke select (id) on table public.analysis_feedback from anon;
revoke select (id) on table public.analysis_jobs from anon;
revoke select (id) on table public.video_recordings from anon;
drop policy "nobody reads audio without signing in" on public.analysis_audio_segments;
drop policy "nobody reads SSML without signing in" on public.analysis_ssml_segments;
drop policy "nobody reads feedback without signing in" on public.analysis_feedback;
drop policy "nobody reads analyses without signing in" on public.analysis_jobs;
drop policy "nobody reads recordings without signing in" on public.video_recordings;

alter publication supabase_realtime drop table
  public.analysis_audio_segments,
  public.analysis_ssml_segments,
  public.analysis_feedback,
  public.analysis_jobs,
  public.video_recordings;
alter publication supabase_realtime set (publish = 'insert, update, delete, truncate');
