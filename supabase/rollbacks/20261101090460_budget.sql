-- Undoes 20261101090460_budget.sql.

drop function pipeline.claim_budget(pipeline.stages, int, text, timestamptz);
