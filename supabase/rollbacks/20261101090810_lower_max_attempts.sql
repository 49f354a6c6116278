-- Undoes 20261101090810_lower_max_attempts.sql.

drop trigger stages_lower_max_attempts on pipeline.stages;
drop function pipeline.lower_max_attempts();
