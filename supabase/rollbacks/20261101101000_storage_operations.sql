-- Undoes 20261101101000_storage_operations.sql.

drop function pipeline.log_storage_operations(jsonb);
drop table public.storage_operations;
