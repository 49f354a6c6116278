-- Undoes 20261101090450_watermark.sql.

drop function pipeline.lower_watermark(text, bigint, bigint);
drop function pipeline.entries_read();
drop function pipeline.move_watermark(text, timestamptz);
