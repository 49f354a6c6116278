-- Undoes 20261101100720_stage_erase.sql.

drop function pipeline.retry_erasures();
drop function pipeline.complete_erase(jsonb);
drop function pipeline.claim_erase(int, int, text, boolean);
drop function pipeline.settle_erasures(bigint[], timestamptz);
drop trigger erasures_900_drop_tasks on pipeline.erasures;
drop view pipeline.erase_items;
-- Deletes: the settings of a stage that is gone.
delete from pipeline.stages where stage = 'erase';
drop sequence pipeline.erase_served_turn;
