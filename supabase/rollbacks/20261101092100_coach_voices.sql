-- Undoes 20261101092100_coach_voices.sql.

drop function pipeline.coach_for(uuid, text);
drop function pipeline.spoken_language(text);
drop table public.voice_preferences;
drop table public.coach_voices;
