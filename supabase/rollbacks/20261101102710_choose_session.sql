-- Undoes 20261101102710_choose_session.sql.

revoke update (session_id) on table public.video_recordings from authenticated;
drop trigger video_recordings_200_check_chosen_session on public.video_recordings;
drop function pipeline.check_chosen_session();
