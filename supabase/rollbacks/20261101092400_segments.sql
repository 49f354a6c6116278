-- Undoes 20261101092400_segments.sql.

drop table public.analysis_audio_segments;
drop table public.analysis_ssml_segments;
