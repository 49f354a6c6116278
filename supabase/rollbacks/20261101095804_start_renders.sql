-- Undoes 20261101095804_start_renders.sql.

drop function public.retry_render(bigint);
drop function public.cancel_render_job(bigint);
drop function public.start_render(bigint);
drop function pipeline.submit_render(bigint, uuid);
