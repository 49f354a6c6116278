-- Undoes 20261101091200_complete_speech.sql.

drop function pipeline.complete_audio(jsonb);
drop function pipeline.complete_ssml(jsonb);
drop function pipeline.lock_jobs_of(bigint[]);
