-- Undoes 20261101101100_system_metrics.sql.

drop function pipeline.sample_metrics();
drop function pipeline.sample_spend(timestamptz);
drop function pipeline.sample_cron(timestamptz);
drop function pipeline.sample_providers(timestamptz);
drop function pipeline.final_outcome(public.processing_timeline);
drop function pipeline.sample_outcomes(timestamptz);
drop function pipeline.sample_queue(timestamptz);
drop function pipeline.queue_now(timestamptz);
-- Deletes: the setting of a table that is gone.
delete from pipeline.retention where table_name = 'system_metrics';
drop table pipeline.system_metrics;
