-- Undoes 20261101090800_sweep.sql.

drop function pipeline.sweep();
drop function pipeline.sweep_stage(text);
