-- Undoes 20261101090555_watermarks.sql.

drop function pipeline.move_watermark(text, timestamptz);
drop table pipeline.watermarks;
