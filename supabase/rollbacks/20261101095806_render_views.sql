-- Undoes 20261101095806_render_views.sql.

drop function public.get_render_statistics(timestamptz, timestamptz);
drop function public.calculate_render_progress(bigint);
drop view public.active_renders;
drop view public.render_summary;
