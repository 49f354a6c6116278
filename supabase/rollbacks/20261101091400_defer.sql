-- Undoes 20261101091400_defer.sql.

drop function pipeline.defer_audio(bigint, uuid, numeric, text);
drop function pipeline.defer_ssml(bigint, uuid, numeric, text);
drop function pipeline.defer_analysis(bigint, uuid, numeric, text);
drop function pipeline.granted_delay(numeric);
