-- Undoes 20261101090850_claim_budget.sql.

drop function pipeline.claim_room(text, text, timestamptz);
drop function pipeline.claim_budget(text, int, int, text, timestamptz);
drop function pipeline.lease_interval(int);
drop function pipeline.live_leases(text, int);
