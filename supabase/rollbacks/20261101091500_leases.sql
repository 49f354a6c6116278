-- Undoes 20261101091500_leases.sql.

drop function pipeline.release_audio(bigint, uuid);
drop function pipeline.release_ssml(bigint, uuid);
drop function pipeline.release_analysis(bigint, uuid);
drop function pipeline.extend_audio(bigint, uuid, int);
drop function pipeline.extend_ssml(bigint, uuid, int);
drop function pipeline.extend_analysis(bigint, uuid, int);
