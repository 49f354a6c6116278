-- Undoes 20261101101140_message_queue.sql.

drop trigger contacts_200_forget_unwanted on public.contacts;
drop function pipeline.forget_unwanted();
drop function pipeline.post_message(text, text, text, text, text, jsonb, uuid);
-- Deletes: the setting of a table that is gone.
delete from pipeline.retention where table_name = 'message_queue';
drop table public.message_queue;
