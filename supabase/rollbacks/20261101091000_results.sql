-- Undoes 20261101091000_results.sql.

drop function pipeline.check_results(text, jsonb);
drop function pipeline.result_problem(text, jsonb);
drop function pipeline.audio_problem(jsonb);
drop function pipeline.ssml_problem(jsonb);
drop function pipeline.analysis_problem(jsonb);
