-- Undoes 20261101090600_finish.sql.

drop function pipeline.finish(text, bigint[], uuid[]);
drop function pipeline.check_results(jsonb, pipeline.problem);
drop function pipeline.repeated_segment(jsonb);
drop type pipeline.problem;
