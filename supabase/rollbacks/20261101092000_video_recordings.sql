-- Undoes 20261101092000_video_recordings.sql.

drop table public.video_recordings;
