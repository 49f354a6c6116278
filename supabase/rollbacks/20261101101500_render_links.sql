-- Undoes 20261101101500_render_links.sql.

drop function pipeline.open_render_link(text, text, text, boolean);
drop function public.create_render_link(bigint, int);
drop table public.url_access_logs;
-- Deletes: how long rows of tables are kept that are gone.
delete from pipeline.retention where table_name in ('url_access_logs', 'render_links');
drop table public.render_links;
