-- Undoes 20261101092300_analysis_feedback.sql.

drop table public.analysis_feedback;
