-- Undoes 20261101090300_tasks.sql.

drop table pipeline.retries;
drop function pipeline.drop_tasks();
drop function pipeline.take_out(text[], bigint[]);
drop table pipeline.tasks;
drop domain pipeline.progress;
drop domain pipeline.refusal;
