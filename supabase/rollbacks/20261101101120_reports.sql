-- Undoes 20261101101120_reports.sql.

drop view pipeline.user_activity;
drop view pipeline.rule_usage;
drop view pipeline.failure_rates;
drop view pipeline.stage_latency;
drop view pipeline.pipeline_health;
drop function pipeline.user_activity_since(timestamptz);
drop function pipeline.rule_usage_since(timestamptz);
drop function pipeline.failure_rates_since(timestamptz);
drop function pipeline.stage_latency_since(timestamptz);
