-- Undoes 20261101095920_operator_pace.sql.

drop function public.operator_attempts(text, bigint);
drop function public.operator_find(bigint);
drop function public.operator_item(text, bigint);
drop function public.operator_pace();
drop function pipeline.per_minute(timestamptz[], int, timestamptz);
drop function pipeline.readable_minutes(timestamptz);
