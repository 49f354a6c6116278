-- Undoes 20261101095910_operator_reads.sql.

drop view public.operator_failures;
drop function pipeline.operator_failures();
drop view public.operator_providers;
drop function pipeline.operator_providers();
drop view public.operator_stages;
drop function pipeline.operator_stages();
drop function pipeline.users_named(text);
