-- Undoes 20261101091100_complete_analysis.sql.

drop function pipeline.complete_analysis(jsonb);
drop function pipeline.write_analysis(jsonb, timestamptz);
