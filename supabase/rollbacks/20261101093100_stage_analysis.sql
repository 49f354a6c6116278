-- Undoes 20261101093100_stage_analysis.sql.

drop trigger analysis_jobs_900_drop_tasks on public.analysis_jobs;
drop trigger analysis_jobs_100_await_missing_video on public.analysis_jobs;
drop function pipeline.await_missing_video();
drop function pipeline.claim_analysis(int, int, text, boolean);
drop function pipeline.analyse_replaced(bigint[]);
drop function pipeline.suspend_analysis(bigint[]);
drop function pipeline.enqueue_analysis(bigint[]);
drop view pipeline.analysis_items;
-- Deletes: the settings of a stage that is gone.
delete from pipeline.stages where stage = 'analysis';
drop sequence pipeline.analysis_served_turn;
