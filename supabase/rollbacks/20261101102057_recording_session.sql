-- Undoes 20261101102057_recording_session.sql.

drop view public.rule_usage;
drop index public.analysis_jobs_session_id_idx;
drop index public.video_recordings_session_id_user_id_idx;
alter table public.video_recordings drop constraint video_recordings_session_id_user_id_fkey;
