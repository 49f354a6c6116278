-- Undoes 20261101090550_turns.sql.

drop function pipeline.next_audio_turns(bigint[]);
drop function pipeline.last_audio_turn(uuid);
drop function pipeline.last_ssml_turn(uuid);
drop function pipeline.last_analysis_turn(uuid);
drop sequence pipeline.audio_served_turn;
drop sequence pipeline.ssml_served_turn;
drop sequence pipeline.analysis_served_turn;
