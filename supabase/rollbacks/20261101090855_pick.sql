-- Undoes 20261101090855_pick.sql.

drop function pipeline.audio_within_cap(int, int);
drop function pipeline.pick_audio(int, bigint, int, timestamptz);
drop function pipeline.ssml_within_cap(int, int);
drop function pipeline.pick_ssml(int, bigint, int, timestamptz);
drop function pipeline.analysis_within_cap(int, int);
drop function pipeline.pick_analysis(int, bigint, int, timestamptz);
