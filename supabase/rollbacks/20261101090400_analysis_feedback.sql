-- Undoes 20261101090400_analysis_feedback.sql.

drop table public.analysis_feedback;
