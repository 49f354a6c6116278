-- Undoes 20261101090750_due.sql.

drop function pipeline.queue_due_audio();
drop function pipeline.queue_due_ssml();
drop function pipeline.queue_due_analysis();
