-- Undoes 20261101095930_operator_calls.sql.

drop function public.operator_set_quota(uuid, text, int);
drop function public.operator_retry_all(text, text, timestamptz, int, text, text, timestamptz);
drop function public.operator_retry(text, bigint);
drop function pipeline.lock_failed(text, bigint[]);
drop function pipeline.requeue(text, bigint);
drop function public.operator_resume_stage(text);
drop function public.operator_pause_stage(text);
drop function pipeline.set_stage_enabled(text, boolean);
