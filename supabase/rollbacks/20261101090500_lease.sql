-- Undoes 20261101090500_lease.sql.

drop function pipeline.lower_watermark(text, bigint);
drop function pipeline.move_watermark(text, timestamptz);
drop function pipeline.lease(text, bigint[], timestamptz, boolean, boolean, timestamptz);
drop function pipeline.pick(text, int, int, text, boolean, timestamptz);
