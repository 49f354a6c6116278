-- Undoes 20261101091750_watch.sql.

drop function pipeline.watch(numeric);
