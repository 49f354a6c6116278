-- Undoes 20261101090410_put_back.sql.

drop function pipeline.put_back(pipeline.tasks, double precision, text, text);
drop function pipeline.backoff(pipeline.stages, int);
drop function pipeline.held_task(text, bigint, uuid);
drop function pipeline.show(text, bigint[], text, text, text, int[], timestamptz);
