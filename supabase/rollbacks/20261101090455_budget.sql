-- Undoes 20261101090455_budget.sql.

drop function pipeline.claim_budget(pipeline.stages, int, text, timestamptz);
