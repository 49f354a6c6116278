-- Undoes 20261101090350_processing_timeline.sql.

drop function pipeline.end_attempts(pipeline.tasks[], text, text, timestamptz);
drop table public.processing_timeline;
drop domain pipeline.timeline_details;
drop function pipeline.keep_ended();
