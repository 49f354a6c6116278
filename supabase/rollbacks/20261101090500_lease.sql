-- Undoes 20261101090500_lease.sql.

drop function pipeline.spend(pipeline.claim, bigint[]);
drop function pipeline.lease(pipeline.claim, bigint[]);
drop function pipeline.pick(text, int, int, text, boolean);
drop function pipeline.look(text, int, bigint, int, boolean, uuid, timestamptz);
drop function pipeline.set_apart(bigint[], int[], int[], uuid[], bigint[], uuid[], boolean);
drop type pipeline.claim;
