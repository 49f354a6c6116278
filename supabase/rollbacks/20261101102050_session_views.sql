-- Undoes 20261101102050_session_views.sql.

drop function public.search_sessions(text, text, text, timestamptz, bigint, int);
drop view public.draft_validation_stats;
drop view public.recent_activity;
drop view public.user_analytics;
drop view public.session_summary;
