-- Undoes 20261101093200_stage_ssml.sql.

drop function pipeline.complete_ssml(jsonb);
drop function pipeline.leave_silent(jsonb, bigint[], uuid[], int[]);
drop function pipeline.hold_feedback(bigint[]);
drop function pipeline.claim_ssml(int, int, text, boolean);
drop trigger analysis_feedback_900_drop_tasks on public.analysis_feedback;
drop trigger analysis_feedback_100_restart_speech on public.analysis_feedback;
drop function pipeline.restart_speech();
drop trigger analysis_feedback_100_enqueue_ssml on public.analysis_feedback;
drop function pipeline.enqueue_ssml();
drop view pipeline.ssml_items;
-- Deletes: the settings of a stage that is gone.
delete from pipeline.stages where stage = 'ssml';
drop sequence pipeline.ssml_served_turn;
