-- Undoes 20261101102500_close_account.sql.

drop trigger contacts_010_require_account on public.contacts;
drop trigger sessions_010_require_account on public.sessions;
drop trigger render_jobs_010_require_account on public.render_jobs;
drop trigger voice_preferences_010_require_account on public.voice_preferences;
drop trigger video_recordings_010_require_account on public.video_recordings;
drop function pipeline.require_account();
drop function public.delete_account();
