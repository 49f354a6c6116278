-- Undoes 20261101093150_complete_analysis.sql.

drop function pipeline.write_analysis(jsonb, timestamptz);
drop function pipeline.complete_analysis(jsonb);
