-- Undoes 20261101090020_stages.sql.

drop table pipeline.stages;
