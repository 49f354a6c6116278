-- Undoes 20261101091300_fail.sql.

drop function pipeline.fail_audio(bigint, uuid, text, text, boolean);
drop function pipeline.fail_ssml(bigint, uuid, text, text, boolean);
drop function pipeline.fail_analysis(bigint, uuid, text, text, boolean);
drop function pipeline.backoff(text, int);
