-- Every table's keys in full, and its rules, those of its columns' domains included, by their
-- names, which are facts. What the rules refuse
-- is tried in the tests of constraints and policies.
begin;
select plan(31);

create function pg_temp.keys_of(table_name regclass)
returns table (name text, definition text)
-- An empty path, so that every table is printed with its schema.
language sql stable set search_path = ''
as $$
  select k.conname::text, pg_catalog.pg_get_constraintdef(k.oid)
  from pg_catalog.pg_constraint as k
  where k.conrelid = keys_of.table_name and k.contype in ('p', 'u', 'f')
$$;

create function pg_temp.rules_of(table_name regclass)
returns setof text
language sql stable
as $$
  select k.conname::text from pg_constraint as k
  where k.contype = 'c' and (
    k.conrelid = rules_of.table_name or k.contypid in (
      select a.atttypid from pg_attribute as a
      where a.attrelid = rules_of.table_name and not a.attisdropped
    )
  )
$$;

select is_empty(
  $$ select k.conrelid::regclass, k.conname from pg_constraint as k
     where k.connamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
       and not k.convalidated $$,
  'every constraint holds for old rows too'
);

select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.provider_limits') $$,
  $$ values
     ('provider_limits_pkey', 'PRIMARY KEY (provider, model)') $$,
  'keys of pipeline.provider_limits'
);
select set_eq(
  $$ select pg_temp.rules_of('pipeline.provider_limits') $$,
  array[
    'burst_is_positive', 'failure_threshold_is_at_least_two', 'longest_open_is_not_below_the_first',
    'longest_pause_is_positive', 'model_is_not_blank', 'open_seconds_are_positive',
    'probes_are_not_negative', 'provider_is_not_blank', 'requests_per_minute_is_positive',
    'tokens_are_not_negative'
  ],
  'rules of pipeline.provider_limits'
);

select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.retries') $$,
  $$ values
     ('retries_pkey', 'PRIMARY KEY (stage, subject_id)') $$,
  'keys of pipeline.retries'
);
select is_empty(
  $$ select pg_temp.rules_of('pipeline.retries') $$,
  'no rule on pipeline.retries but its keys'
);

select set_eq(
  $$ select t::text, k.name, k.definition from unnest(array['pipeline.failures',
       'pipeline.checkups']::regclass[]) as t,
       pg_temp.keys_of(t) as k $$,
  $$ values
     ('pipeline.failures', 'failures_pkey', 'PRIMARY KEY (stage, subject_id)'),
     ('pipeline.checkups', 'checkups_pkey', 'PRIMARY KEY (is_the_only_one)') $$,
  'keys of what operators read'
);
select set_eq(
  $$ select k from unnest(array['pipeline.failures', 'pipeline.checkups']::regclass[]) as t, pg_temp.rules_of(t) as k $$,
  array['there_is_one_row'],
  'rules of what operators read'
);

select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.stage_clocks') $$,
  $$ values
     ('stage_clocks_pkey', 'PRIMARY KEY (stage)'),
     ('stage_clocks_stage_fkey',
       'FOREIGN KEY (stage) REFERENCES pipeline.stages(stage) ON DELETE CASCADE') $$,
  'keys of pipeline.stage_clocks'
);
select is_empty(
  $$ select pg_temp.rules_of('pipeline.stage_clocks') $$,
  'no rule on pipeline.stage_clocks but its keys'
);

select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.stages') $$,
  $$ values
     ('stages_pkey', 'PRIMARY KEY (stage)'),
     ('stages_provider_model_fkey',
       'FOREIGN KEY (provider, model) REFERENCES pipeline.provider_limits(provider, model)') $$,
  'keys of pipeline.stages'
);
select set_eq(
  $$ select pg_temp.rules_of('pipeline.stages') $$,
  array[
    'backoff_base_is_positive', 'backoff_cap_is_not_below_base', 'batch_is_between_1_and_1000',
    'daily_attempts_per_user_are_not_negative', 'daily_spend_per_user_is_not_negative',
    'debounce_is_not_negative',
    'lease_is_between_1_second_and_1_hour', 'max_attempts_is_between_1_and_20',
    'max_concurrency_is_positive', 'max_concurrency_per_user_is_positive',
    'max_deferred_is_not_negative', 'max_losses_is_between_1_and_20', 'max_retries_is_not_negative',
    'max_tasks_per_user_is_positive', 'patience_is_not_negative', 'stage_is_snake_case'
  ],
  'rules of pipeline.stages'
);

select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.tasks') $$,
  $$ values
     ('tasks_pkey', 'PRIMARY KEY (stage, subject_id)') $$,
  'keys of pipeline.tasks'
);
select set_eq(
  $$ select pg_temp.rules_of('pipeline.tasks') $$,
  array['progress_is_small', 'refusal_is_short'],
  'rules of pipeline.tasks'
);

select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.usage') $$,
  $$ values
     ('usage_pkey', 'PRIMARY KEY (user_id, stage, day)') $$,
  'keys of pipeline.usage'
);
select is_empty(
  $$ select pg_temp.rules_of('pipeline.usage') $$,
  'no rule on pipeline.usage but its keys'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.analysis_audio_segments') $$,
  $$ values
     ('analysis_audio_segments_feedback_id_fkey',
       'FOREIGN KEY (feedback_id) REFERENCES public.analysis_feedback(id) ON DELETE CASCADE'),
     ('analysis_audio_segments_feedback_id_segment_index_key',
       'UNIQUE (feedback_id, segment_index)'),
     ('analysis_audio_segments_pkey', 'PRIMARY KEY (id)'),
     ('analysis_audio_segments_ssml_segment_fkey',
       'FOREIGN KEY (feedback_id, segment_index) REFERENCES public.analysis_ssml_segments(feedback_id, segment_index) ON DELETE CASCADE') $$,
  'keys of public.analysis_audio_segments'
);
select set_eq(
  $$ select pg_temp.rules_of('public.analysis_audio_segments') $$,
  array[
    'audio_url_is_not_blank', 'duration_is_positive', 'format_is_known',
    'name_is_plain', 'segment_index_is_not_negative'
  ],
  'rules of public.analysis_audio_segments'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.analysis_feedback') $$,
  $$ values
     ('analysis_feedback_analysis_job_id_fkey',
       'FOREIGN KEY (analysis_job_id) REFERENCES public.analysis_jobs(id) ON DELETE CASCADE'),
     ('analysis_feedback_pkey', 'PRIMARY KEY (id)') $$,
  'keys of public.analysis_feedback'
);
select set_eq(
  $$ select pg_temp.rules_of('public.analysis_feedback') $$,
  array[
    'category_is_snake_case', 'confidence_is_a_share', 'failed_audio_says_why',
    'failed_ssml_says_why', 'remark_is_short', 'severity_is_known', 'status_is_known',
    'time_range_is_in_order'
  ],
  'rules of public.analysis_feedback'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.analysis_jobs') $$,
  $$ values
     ('analysis_jobs_pkey', 'PRIMARY KEY (id)'),
     ('analysis_jobs_video_recording_id_fkey',
       'FOREIGN KEY (video_recording_id) REFERENCES public.video_recordings(id) ON DELETE CASCADE'),
     ('analysis_jobs_video_recording_id_key', 'UNIQUE (video_recording_id)') $$,
  'keys of public.analysis_jobs'
);
select set_eq(
  $$ select pg_temp.rules_of('public.analysis_jobs') $$,
  array[
    'a_brief_is_of_a_revision',
    'a_failed_job_says_why', 'attempts_are_not_negative', 'confidence_is_a_share',
    'language_is_a_tag', 'name_is_plain', 'note_is_short', 'status_is_known', 'summary_is_short',
    'title_is_short'
  ],
  'rules of public.analysis_jobs'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.analysis_metrics') $$,
  $$ values
     ('analysis_metrics_analysis_job_id_fkey',
       'FOREIGN KEY (analysis_job_id) REFERENCES public.analysis_jobs(id) ON DELETE CASCADE'),
     ('analysis_metrics_analysis_job_id_metric_key_key', 'UNIQUE (analysis_job_id, metric_key)'),
     ('analysis_metrics_pkey', 'PRIMARY KEY (id)') $$,
  'keys of public.analysis_metrics'
);
select set_eq(
  $$ select pg_temp.rules_of('public.analysis_metrics') $$,
  array['metric_key_is_snake_case', 'unit_is_short'],
  'rules of public.analysis_metrics'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.analysis_ssml_segments') $$,
  $$ values
     ('analysis_ssml_segments_feedback_id_fkey',
       'FOREIGN KEY (feedback_id) REFERENCES public.analysis_feedback(id) ON DELETE CASCADE'),
     ('analysis_ssml_segments_feedback_id_segment_index_key',
       'UNIQUE (feedback_id, segment_index)'),
     ('analysis_ssml_segments_pkey', 'PRIMARY KEY (id)') $$,
  'keys of public.analysis_ssml_segments'
);
select set_eq(
  $$ select pg_temp.rules_of('public.analysis_ssml_segments') $$,
  array[
    'name_is_plain', 'segment_index_is_not_negative', 'ssml_fits_a_speech_request',
    'ssml_is_a_speak_element'
  ],
  'rules of public.analysis_ssml_segments'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.coach_voices') $$,
  $$ values
     ('coach_voices_name_key', 'UNIQUE (name)'),
     ('coach_voices_pkey', 'PRIMARY KEY (id)') $$,
  'keys of public.coach_voices'
);
select set_eq(
  $$ select pg_temp.rules_of('public.coach_voices') $$,
  array[
    'language_code_is_a_tag', 'name_is_not_blank', 'pitch_is_within_20_semitones',
    'speaking_rate_is_between_a_quarter_and_twice', 'voice_name_is_not_blank'
  ],
  'rules of public.coach_voices'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.video_recordings') $$,
  $$ values
     ('video_recordings_session_id_user_id_fkey',
       'FOREIGN KEY (session_id, user_id) REFERENCES public.sessions(id, user_id) ON DELETE SET NULL (session_id)'),
     ('video_recordings_pkey', 'PRIMARY KEY (id)'),
     ('video_recordings_storage_path_key', 'UNIQUE (storage_path)'),
     ('video_recordings_user_id_fkey',
       'FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE') $$,
  'keys of public.video_recordings'
);
select set_eq(
  $$ select pg_temp.rules_of('public.video_recordings') $$,
  array[
    'duration_is_at_most_a_week', 'duration_is_not_negative', 'error_code_is_one_of_an_upload',
    'file_size_is_not_negative', 'filename_is_not_blank_and_short', 'language_is_a_tag',
    'language_is_short', 'last_error_is_short', 'mime_type_is_printable', 'mime_type_is_short',
    'original_filename_is_short', 'storage_path_has_only_characters_that_storage_takes',
    'storage_path_has_plain_segments', 'storage_path_is_in_the_owners_folder',
    'storage_path_is_short', 'upload_status_is_known'
  ],
  'rules of public.video_recordings'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.voice_preferences') $$,
  $$ values
     ('voice_preferences_coach_voice_id_fkey',
       'FOREIGN KEY (coach_voice_id) REFERENCES public.coach_voices(id) ON DELETE CASCADE'),
     ('voice_preferences_pkey', 'PRIMARY KEY (user_id)'),
     ('voice_preferences_user_id_fkey',
       'FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE') $$,
  'keys of public.voice_preferences'
);
select is_empty(
  $$ select pg_temp.rules_of('public.voice_preferences') $$,
  'no rule on public.voice_preferences but its keys'
);

select * from finish();
rollback;
