-- Undoes 20261101093350_stage_upload.sql.

drop function pipeline.recognise_uploads();
drop function pipeline.put_off_awaited(pipeline.stages, bigint[]);
drop trigger video_recordings_900_drop_tasks on public.video_recordings;
drop trigger video_recordings_100_follow_updated on public.video_recordings;
drop trigger video_recordings_100_follow_inserted on public.video_recordings;
drop function pipeline.follow_updated_recordings();
drop function pipeline.follow_inserted_recordings();
drop function pipeline.follow_uploads(bigint[], uuid[], text[], text[]);
drop function pipeline.check_backlog(text, uuid[]);
drop index pipeline.tasks_backlog_by_user_idx;
drop view pipeline.upload_items;
-- Deletes: the settings of a stage that is gone.
delete from pipeline.stages where stage = 'upload';
drop sequence pipeline.upload_served_turn;
