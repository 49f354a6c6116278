-- Undoes 20261101100700_erasures.sql.

drop function pipeline.ask_erasure(text[], text[], text, uuid);
drop function pipeline.named(text[], text[]);
drop function pipeline.lock_of(text, text);
drop function pipeline.owner_of(text);
drop function pipeline.user_buckets();
drop view pipeline.render_sources;
drop index public.render_elements_source_path_idx;
drop index public.render_jobs_output_path_idx;
drop index public.analysis_audio_segments_captions_url_idx;
drop index public.analysis_audio_segments_audio_url_idx;
drop table pipeline.erasures;
drop table pipeline.object_names;
