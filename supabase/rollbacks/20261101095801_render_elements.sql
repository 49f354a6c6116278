-- Undoes 20261101095801_render_elements.sql.

drop table public.render_elements;
