-- Undoes 20261101100725_owners_delete.sql.

alter publication supabase_realtime drop table public.deleted_recordings;
drop function public.erasures_left();
drop function public.delete_audio(bigint);
drop trigger video_recordings_300_tell_of_deleted on public.video_recordings;
drop function pipeline.tell_of_deleted_recordings();
drop table public.deleted_recordings;
