-- Undoes 20261101095915_operator_quotas.sql.

drop function public.operator_user(text);
drop function public.operator_quotas();
