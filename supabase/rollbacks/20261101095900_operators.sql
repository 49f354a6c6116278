-- Undoes 20261101095900_operators.sql.

drop function pipeline.check_operator();
drop function public.is_operator();
