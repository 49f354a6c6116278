-- Undoes 20261101090555_watermarks.sql.

drop function pipeline.lower_watermark(text, bigint);
drop function pipeline.move_watermark(text, timestamptz);
drop table pipeline.watermarks;
