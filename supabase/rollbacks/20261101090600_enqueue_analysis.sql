-- Undoes 20261101090600_enqueue_analysis.sql.

drop trigger video_recordings_enqueue_updated on public.video_recordings;
drop trigger video_recordings_enqueue_inserted on public.video_recordings;
drop function pipeline.enqueue_updated_recordings();
drop function pipeline.enqueue_inserted_recordings();
drop function pipeline.enqueue_analysis(bigint[]);
