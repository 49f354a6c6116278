-- Undoes 20261101090450_watermark.sql.

drop function pipeline.lower_watermark(text, bigint);
drop function pipeline.move_watermark(text, timestamptz);
