-- Undoes 20261101093000_stage_upload.sql.

drop function pipeline.recognise_replacements();
drop sequence pipeline.replacements_looked_at;
drop function pipeline.recognise_uploads();
drop trigger video_recordings_900_drop_tasks on public.video_recordings;
drop trigger video_recordings_100_follow_updated on public.video_recordings;
drop trigger video_recordings_100_follow_inserted on public.video_recordings;
drop function pipeline.follow_updated_recordings();
drop function pipeline.follow_inserted_recordings();
drop function pipeline.follow_uploads(bigint[], uuid[], text[], text[]);
drop function pipeline.await_uploads(bigint[], uuid[]);
drop view pipeline.upload_items;
delete from pipeline.stages where stage = 'upload';
drop sequence pipeline.upload_served_turn;
