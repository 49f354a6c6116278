-- Undoes 20261101093500_violations.sql.

drop view pipeline.violations;
drop function pipeline.items();
