-- Undoes 20261101102900_restored.sql.

drop function pipeline.settle_restored();
