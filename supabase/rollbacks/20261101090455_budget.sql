-- Undoes 20261101090455_budget.sql.

drop function pipeline.take_slot(text, int);
drop function pipeline.lock_limits(text, text);
drop function pipeline.claim_budget(text, int, int, text, timestamptz);
drop function pipeline.live_leases(text, timestamptz, boolean);
