-- Undoes 20261101095940_operator_violations.sql.

drop function public.operator_check_now();
drop function public.operator_checkup();
drop table pipeline.checkups;
