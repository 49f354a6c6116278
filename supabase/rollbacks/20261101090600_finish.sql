-- Undoes 20261101090600_finish.sql.

drop function pipeline.outcomes(bigint[], bigint[], bigint[]);
drop function pipeline.hand_in(text, jsonb, name, pipeline.rule[]);
drop type pipeline.handed_in;
drop function pipeline.finish(text, bigint[], uuid[], bigint[], timestamptz, jsonb);
drop function pipeline.hold(text, bigint[], name);
drop function pipeline.check_results(jsonb, pipeline.rule[]);
drop type pipeline.rule;
