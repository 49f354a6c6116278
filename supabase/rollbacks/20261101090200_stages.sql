-- Undoes 20261101090200_stages.sql.

drop function pipeline.served_turn(text);
drop trigger stages_add_clock on pipeline.stages;
drop function pipeline.add_stage_clock();
drop table pipeline.stage_clocks;
drop table pipeline.stages;
