-- Undoes 20261101090455_budget.sql.

drop function pipeline.take_slot(int, int);
drop function pipeline.lock_limits(text);
drop function pipeline.claim_budget(text, int, int, text, timestamptz);
