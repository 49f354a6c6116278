-- Undoes 20261101095800_render_jobs.sql.

alter publication supabase_realtime drop table public.render_jobs;
drop table public.render_jobs;
drop domain public.render_step;
drop domain public.render_status;
