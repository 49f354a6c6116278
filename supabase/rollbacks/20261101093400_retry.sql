-- Undoes 20261101093400_retry.sql.

drop function public.retry_feedback(bigint, text);
drop function public.retry_analysis(bigint);
drop function pipeline.count_retry(text, bigint);
drop function pipeline.requeue_feedback(bigint, text);
drop function pipeline.requeue_analysis(bigint);
