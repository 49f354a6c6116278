-- Undoes 20261101095945_operator_costs.sql.

drop view public.operator_costs;
drop function pipeline.operator_costs();
