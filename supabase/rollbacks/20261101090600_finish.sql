-- Undoes 20261101090600_finish.sql.

drop function pipeline.finish(text, bigint[], uuid[], timestamptz, jsonb);
drop function pipeline.check_results(jsonb, pipeline.rule[]);
drop type pipeline.rule;
