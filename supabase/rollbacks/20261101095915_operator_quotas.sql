-- Undoes 20261101095915_operator_quotas.sql.

drop function public.operator_user(text);
drop view public.operator_quotas;
drop function pipeline.operator_quotas();
