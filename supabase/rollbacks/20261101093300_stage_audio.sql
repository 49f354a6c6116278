-- Undoes 20261101093300_stage_audio.sql.

drop function pipeline.complete_audio(jsonb);
drop function pipeline.check_pieces(jsonb, bigint[]);
drop function pipeline.claim_audio(int, int, text, boolean);
drop view pipeline.audio_items;
-- Deletes: the settings of a stage that is gone.
delete from pipeline.stages where stage = 'audio';
drop sequence pipeline.audio_served_turn;
