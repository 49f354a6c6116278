-- Undoes 20261101091650_ready_items.sql.

drop function pipeline.ready_within_cap(text, int, int);
drop function pipeline.ready_items(text, int);
