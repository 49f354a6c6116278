-- Undoes 20261101090355_take_out.sql.

drop function pipeline.drop_tasks();
drop function pipeline.take_out(text[], bigint[]);
