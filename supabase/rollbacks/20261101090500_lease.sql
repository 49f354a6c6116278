-- Undoes 20261101090500_lease.sql.

drop function pipeline.spend(text, text, bigint[], timestamptz, timestamptz);
drop function pipeline.lease(text, bigint[], timestamptz, text, boolean, boolean, timestamptz);
drop function pipeline.pick(text, int, int, text, boolean, timestamptz);
drop function pipeline.look(text, int, bigint, int, boolean, uuid, timestamptz);
drop function pipeline.set_apart(bigint[], int[], int[], uuid[], bigint[], uuid[], boolean);
