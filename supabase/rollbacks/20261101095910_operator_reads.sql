-- Undoes 20261101095910_operator_reads.sql.

drop function pipeline.users_named(text);
drop function public.operator_providers();
drop function public.operator_stages();
