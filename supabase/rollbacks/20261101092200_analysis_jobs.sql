-- Undoes 20261101092200_analysis_jobs.sql.

drop table public.analysis_metrics;
drop table public.analysis_jobs;
