-- Undoes 20261101101150_stage_notify.sql.

drop function pipeline.complete_notify(jsonb);
drop function pipeline.claim_notify(int, int, text, boolean);
drop trigger message_queue_900_drop_tasks on public.message_queue;
drop trigger message_queue_100_enqueue on public.message_queue;
drop function pipeline.enqueue_messages();
drop view pipeline.notify_items;
-- Deletes: the settings of a stage that is gone.
delete from pipeline.stages where stage = 'notify';
drop sequence pipeline.notify_served_turn;
