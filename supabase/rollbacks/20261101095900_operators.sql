-- Undoes 20261101095900_operators.sql.

drop function pipeline.log_action(text, text, bigint, jsonb);
drop table pipeline.operator_actions;
drop function pipeline.check_operator();
drop function public.is_operator();
