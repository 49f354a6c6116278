-- Undoes 20261101101140_message_queue.sql.

drop function pipeline.post_message(text, text, text, text, text, jsonb, uuid);
-- Deletes: the setting of a table that is gone.
delete from pipeline.retention where table_name = 'message_queue';
drop table public.message_queue;
