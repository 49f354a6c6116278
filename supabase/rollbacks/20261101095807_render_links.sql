-- Undoes 20261101095807_render_links.sql.

drop function pipeline.open_render_link(text, text, text, boolean);
drop function public.create_render_link(bigint, int);
drop table public.url_access_logs;
drop table public.render_links;
