-- Undoes 20261101090800_sweep.sql.

drop function pipeline.sweep();
drop function pipeline.sweep_audio();
drop function pipeline.sweep_ssml();
drop function pipeline.sweep_analysis();
