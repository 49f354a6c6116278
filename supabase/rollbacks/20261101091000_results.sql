-- Undoes 20261101091000_results.sql.

drop function pipeline.check_results(text, jsonb);
drop function pipeline.audio_result_problem(jsonb);
drop function pipeline.ssml_result_problem(jsonb);
drop function pipeline.analysis_result_problem(jsonb);
