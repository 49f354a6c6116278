-- Undoes 20261101090700_enqueue_speech.sql.

drop trigger analysis_ssml_segments_enqueue_audio on public.analysis_ssml_segments;
drop trigger analysis_feedback_restart_speech on public.analysis_feedback;
drop trigger analysis_feedback_enqueue_ssml on public.analysis_feedback;
drop function pipeline.enqueue_audio();
drop function pipeline.restart_speech();
drop function pipeline.enqueue_ssml();
