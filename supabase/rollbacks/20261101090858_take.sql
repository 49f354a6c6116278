-- Undoes 20261101090858_take.sql.

drop function pipeline.take_audio(int, int, text, timestamptz);
drop function pipeline.take_ssml(int, int, text, timestamptz);
drop function pipeline.take_analysis(int, int, text, timestamptz);
