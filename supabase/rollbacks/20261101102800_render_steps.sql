-- Undoes 20261101102800_render_steps.sql.

drop trigger render_jobs_100_unname_output on public.render_jobs;
drop function pipeline.unname_output();
drop trigger render_jobs_500_end_steps on public.render_jobs;
drop function pipeline.end_steps();
drop function pipeline.tell_step(public.render_jobs, text, text, jsonb, text);
drop function pipeline.report_render_progress(
  bigint, uuid, int, text, text, jsonb, text, text
);
