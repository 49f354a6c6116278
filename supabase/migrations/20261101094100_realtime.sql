-- The tables whose changes users watch. Realtime checks each row against the reader's policies, but
-- for two things that policies cannot keep back:
--
-- A DELETE goes to every subscriber of the table. So none is published: that a recording was
-- deleted is told by a row of its own (deleted_recordings); all else that is deleted goes with a
-- change of the row above it.
--
-- To a role that may not select a table's key every change is told as an error, with the table, the
-- type and the time. So anonymous callers may select the keys, and the policies show them no row.

alter publication supabase_realtime set (publish = 'insert, update');

alter publication supabase_realtime add table
  public.video_recordings,
  public.analysis_jobs,
  public.analysis_feedback,
  public.analysis_ssml_segments,
  public.analysis_audio_segments;

create policy "nobody reads recordings without signing in" on public.video_recordings
for select to anon using (false);
create policy "nobody reads analyses without signing in" on public.analysis_jobs
for select to anon using (false);
create policy "nobody reads feedback without signing in" on public.analysis_feedback
for select to anon using (false);
create policy "nobody reads SSML without signing in" on public.analysis_ssml_segments
for select to anon using (false);
create policy "nobody reads audio without signing in" on public.analysis_audio_segments
for select to anon using (false);

-- Anon: so that Realtime asks the policies instead of telling an error.
grant select (id) on table public.video_recordings to anon;
-- Anon: as above.
grant select (id) on table public.analysis_jobs to anon;
-- Anon: as above.
grant select (id) on table public.analysis_feedback to anon;
-- Anon: as above.
grant select (id) on table public.analysis_ssml_segments to anon;
-- Anon: as above.
grant select (id) on table public.analysis_audio_segments to anon;
