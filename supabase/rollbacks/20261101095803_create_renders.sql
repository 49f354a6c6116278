-- Undoes 20261101095803_create_renders.sql.

drop function public.add_render_element(
  bigint, text, int, text, text, text, jsonb, numeric, numeric, numeric, numeric, text, numeric,
  numeric, numeric, numeric, numeric
);
drop function pipeline.check_placing(public.render_elements, jsonb);
drop function pipeline.check_source(public.render_elements, uuid);
drop function public.create_render_job(text, int, int, int, text, jsonb);
drop function pipeline.insert_render(public.render_jobs);
drop function pipeline.own_render(bigint);
drop function pipeline.refuse_unless(boolean, text, text);
