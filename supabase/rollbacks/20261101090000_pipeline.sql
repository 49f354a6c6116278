-- Undoes 20261101090000_pipeline.sql.

drop function pipeline.touch_updated_at();
drop function pipeline.now();
drop schema partitions;
drop schema pipeline;
