-- Undoes 20261101090000_pipeline.sql.

drop trigger stages_touch_updated_at on pipeline.stages;
drop function pipeline.touch_updated_at();
drop function pipeline.now();
drop table pipeline.stages;
drop schema pipeline;
