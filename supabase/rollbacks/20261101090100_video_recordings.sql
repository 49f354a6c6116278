-- Undoes 20261101090100_video_recordings.sql.

drop table public.video_recordings;
