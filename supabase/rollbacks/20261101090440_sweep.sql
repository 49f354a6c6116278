-- Undoes 20261101090440_sweep.sql.

drop function pipeline.sweep();
drop function pipeline.suspect(text, uuid[], timestamptz);
drop function pipeline.queue_due(text);
drop function pipeline.sweep_stage(text);
drop function pipeline.deadly(pipeline.tasks[], timestamptz);
