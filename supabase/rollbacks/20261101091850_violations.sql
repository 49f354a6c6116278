-- Undoes 20261101091850_violations.sql.

drop view pipeline.violations;
