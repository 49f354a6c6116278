-- Undoes 20261101090550_turns.sql.

drop trigger analysis_jobs_give_up_analysis_turn on public.analysis_jobs;
drop function pipeline.give_up_analysis_turn();
drop trigger analysis_feedback_give_up_ssml_turn on public.analysis_feedback;
drop function pipeline.give_up_ssml_turn();
drop trigger analysis_feedback_give_up_audio_turn on public.analysis_feedback;
drop function pipeline.give_up_audio_turn();
drop function pipeline.next_audio_turns(bigint[]);
drop function pipeline.last_audio_turn(uuid);
drop function pipeline.last_ssml_turn(uuid);
drop function pipeline.last_analysis_turn(uuid);
drop sequence pipeline.audio_served_turn;
drop sequence pipeline.ssml_served_turn;
drop sequence pipeline.analysis_served_turn;
