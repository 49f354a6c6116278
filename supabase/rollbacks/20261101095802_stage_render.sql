-- Undoes 20261101095802_stage_render.sql.

drop function pipeline.complete_render(jsonb);
drop function pipeline.claim_render(int, int, text, boolean);
drop function pipeline.composition_of(bigint, jsonb);
drop trigger render_jobs_900_drop_tasks on public.render_jobs;
drop view pipeline.render_items;
-- Deletes: the settings of a stage that is gone.
delete from pipeline.stages where stage = 'render';
drop sequence pipeline.render_served_turn;
