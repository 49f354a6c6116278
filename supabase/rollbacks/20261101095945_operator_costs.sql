-- Undoes 20261101095945_operator_costs.sql.

drop function public.operator_costs();
