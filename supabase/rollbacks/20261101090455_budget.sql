-- Undoes 20261101090455_budget.sql.

drop function pipeline.lock_limits(text, text);
drop function pipeline.claim_budget(text, int, int, text, timestamptz);
