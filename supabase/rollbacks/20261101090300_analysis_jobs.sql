-- Undoes 20261101090300_analysis_jobs.sql.

drop table public.analysis_metrics;
drop table public.analysis_jobs;
