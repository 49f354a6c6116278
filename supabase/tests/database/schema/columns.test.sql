-- Every table and its columns: name, type, and whether it must have a value.
begin;
select plan(21);

create function pg_temp.columns_of(table_name regclass)
returns table (name text, type text, is_required boolean)
language sql stable
as $$
  select a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull
  from pg_attribute as a
  where a.attrelid = columns_of.table_name and a.attnum > 0 and not a.attisdropped
$$;

select set_eq(
  $$ select n.nspname || '.' || c.relname from pg_class as c
     join pg_namespace as n on n.oid = c.relnamespace
     where n.nspname in ('public', 'pipeline') and c.relkind in ('r', 'p') $$,
  array[
    'pipeline.alert_rules',
    'pipeline.alerts',
    'pipeline.audit_log',
    'pipeline.checkups',
    'pipeline.failures',
    'pipeline.provider_calls',
    'pipeline.erasures',
    'pipeline.object_names',
    'pipeline.object_search',
    'pipeline.provider_limits',
    'pipeline.provider_prices',
    'pipeline.rate_limits',
    'pipeline.retention',
    'pipeline.retries',
    'pipeline.stage_clocks',
    'pipeline.stages',
    'pipeline.system_metrics',
    'pipeline.tasks',
    'pipeline.usage',
    'pipeline.user_quotas',
    'public.analysis_audio_segments',
    'public.analysis_feedback',
    'public.analysis_jobs',
    'public.analysis_metrics',
    'public.analysis_ssml_segments',
    'public.coach_voices',
    'public.contacts',
    'public.hole_resolutions',
    'public.message_queue',
    'public.deleted_recordings',
    'public.processing_timeline',
    'public.render_elements',
    'public.render_jobs',
    'public.render_links',
    'public.session_drafts',
    'public.session_revisions',
    'public.sessions',
    'public.storage_operations',
    'public.url_access_logs',
    'public.video_recordings',
    'public.voice_preferences'
  ],
  'these are the tables: a new one gets its columns here, its rules beside, and actors in policies'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.checkups') $$,
  $$ values
     ('is_the_only_one', 'boolean', true), ('checked_at', 'timestamp with time zone', true),
     ('violations', 'integer', true), ('found', 'jsonb', true) $$,
  'columns of pipeline.checkups'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.failures') $$,
  $$ values
     ('stage', 'text', true), ('subject_id', 'bigint', true), ('user_id', 'uuid', true),
     ('error_code', 'text', true), ('failed_at', 'timestamp with time zone', true) $$,
  'columns of pipeline.failures'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.provider_calls') $$,
  $$ values
     ('id', 'uuid', true), ('stage', 'text', true), ('subject_id', 'bigint', true),
     ('user_id', 'uuid', true), ('attempt', 'integer', true), ('correlation_id', 'uuid', false),
     ('provider', 'text', true), ('model', 'text', true), ('request_hash', 'text', true),
     ('input_tokens', 'integer', false), ('output_tokens', 'integer', false),
     ('thought_tokens', 'integer', false), ('characters', 'integer', false),
     ('cost', 'numeric', false), ('currency', 'text', false), ('response_id', 'text', false),
     ('ms', 'integer', true), ('refused', 'text', false), ('answer', 'jsonb', false),
     ('created_at', 'timestamp with time zone', true) $$,
  'columns of pipeline.provider_calls'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.provider_prices') $$,
  $$ values
     ('provider', 'text', true), ('model', 'text', true), ('valid_from', 'date', true),
     ('million_input_tokens', 'numeric', false), ('million_output_tokens', 'numeric', false),
     ('million_characters', 'numeric', false), ('currency', 'text', true) $$,
  'columns of pipeline.provider_prices'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.provider_limits') $$,
  $$ values
     ('provider', 'text', true), ('model', 'text', true), ('requests_per_minute', 'numeric', false),
     ('burst', 'integer', true), ('tokens', 'numeric', true),
     ('refilled_at', 'timestamp with time zone', true), ('refused_users', 'uuid[]', true),
     ('not_before', 'timestamp with time zone', false), ('longest_pause_seconds', 'numeric', true),
     ('failing_users', 'uuid[]', true), ('failure_threshold', 'integer', true),
     ('open_seconds', 'numeric', true), ('longest_open_seconds', 'numeric', true),
     ('open_until', 'timestamp with time zone', false), ('probes', 'integer', true),
     ('probe_user', 'uuid', false), ('probe_token', 'uuid', false),
     ('probe_until', 'timestamp with time zone', false),
     ('updated_at', 'timestamp with time zone', true) $$,
  'columns of pipeline.provider_limits'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.retries') $$,
  $$ values
     ('stage', 'text', true), ('subject_id', 'bigint', true), ('count', 'integer', true) $$,
  'columns of pipeline.retries'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.stage_clocks') $$,
  $$ values
     ('stage', 'text', true), ('from_turn', 'bigint', true), ('next_turn', 'bigint', true),
     ('moved_at', 'timestamp with time zone', true), ('woken_at', 'timestamp with time zone', true),
     ('outcome', 'text', true) $$,
  'columns of pipeline.stage_clocks'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.stages') $$,
  $$ values
     ('stage', 'text', true), ('place', 'integer', true), ('enabled', 'boolean', true),
     ('function_name', 'text', false), ('is_claimed', 'boolean', true),
     ('provider', 'text', false), ('model', 'text', true),
     ('sent_back_to', 'text', false), ('max_attempts', 'integer', true),
     ('max_losses', 'integer', true), ('lease_seconds', 'integer', true),
     ('batch_size', 'integer', true), ('max_concurrency', 'integer', false),
     ('max_concurrency_per_user', 'integer', false), ('max_tasks_per_user', 'integer', false),
     ('daily_attempts_per_user', 'integer', false), ('daily_spend_per_user', 'numeric', false),
     ('max_retries', 'integer', true),
     ('backoff_base_seconds', 'numeric', true), ('backoff_cap_seconds', 'numeric', true),
     ('max_deferred_seconds', 'numeric', true), ('debounce_seconds', 'numeric', true),
     ('patience_seconds', 'numeric', true), ('updated_at', 'timestamp with time zone', true) $$,
  'columns of pipeline.stages'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.tasks') $$,
  $$ values
     ('stage', 'text', true), ('subject_id', 'bigint', true), ('user_id', 'uuid', true),
     ('turn', 'bigint', false), ('available_at', 'timestamp with time zone', true),
     ('queued_at', 'timestamp with time zone', false),
     ('claimed_at', 'timestamp with time zone', false),
     ('lease_token', 'uuid', false), ('attempts', 'integer', true), ('losses', 'integer', true),
     ('deferrals', 'integer', true), ('rounds', 'integer', true), ('parked', 'boolean', true),
     ('deferred_seconds', 'real', true), ('refused', 'pipeline.refusal', false),
     ('progress', 'pipeline.progress', false) $$,
  'columns of pipeline.tasks'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.usage') $$,
  $$ values
     ('user_id', 'uuid', true), ('stage', 'text', true), ('day', 'date', true),
     ('attempts', 'integer', true) $$,
  'columns of pipeline.usage'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.user_quotas') $$,
  $$ values
     ('user_id', 'uuid', true), ('stage', 'text', true), ('daily_attempts', 'integer', false),
     ('daily_spend', 'numeric', false) $$,
  'columns of pipeline.user_quotas'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.analysis_audio_segments') $$,
  $$ values
     ('id', 'bigint', true), ('feedback_id', 'bigint', true), ('segment_index', 'integer', true),
     ('audio_url', 'text', true), ('captions_url', 'text', false), ('format', 'text', true),
     ('duration_ms', 'integer', true), ('provider', 'plain_name', true),
     ('version', 'plain_name', false),
     ('created_at', 'timestamp with time zone', true) $$,
  'columns of public.analysis_audio_segments'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.analysis_feedback') $$,
  $$ values
     ('rule_id', 'category', false),
     ('id', 'bigint', true), ('analysis_job_id', 'bigint', true), ('user_id', 'uuid', true),
     ('start_seconds', 'numeric', true), ('end_seconds', 'numeric', true),
     ('category', 'category', true), ('severity', 'severity', true),
     ('confidence', 'numeric', true),
     ('message', 'remark', true), ('drill', 'remark', false), ('ssml_status', 'stage_status', true),
     ('ssml_attempts', 'integer', true), ('ssml_error_code', 'text', false),
     ('ssml_last_error', 'text', false), ('ssml_updated_at', 'timestamp with time zone', true),
     ('audio_status', 'stage_status', true), ('audio_attempts', 'integer', true),
     ('audio_error_code', 'text', false), ('audio_last_error', 'text', false),
     ('audio_updated_at', 'timestamp with time zone', true),
     ('created_at', 'timestamp with time zone', true) $$,
  'columns of public.analysis_feedback'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.analysis_jobs') $$,
  $$ values
     ('session_id', 'bigint', false), ('session_revision', 'integer', false),
     ('brief', 'jsonb', false),
     ('id', 'bigint', true), ('video_recording_id', 'bigint', true), ('user_id', 'uuid', true),
     ('status', 'stage_status', true), ('attempts', 'integer', true), ('error_code', 'text', false),
     ('last_error', 'text', false), ('title', 'title', false), ('summary', 'summary', false),
     ('confidence', 'numeric', false), ('note', 'note', false), ('language', 'text', false),
     ('model', 'plain_name', false), ('prompt_version', 'text', false),
     ('video_version', 'text', false),
     ('coach', 'jsonb', true), ('correlation_id', 'uuid', true),
     ('created_at', 'timestamp with time zone', true),
     ('updated_at', 'timestamp with time zone', true) $$,
  'columns of public.analysis_jobs'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.analysis_metrics') $$,
  $$ values
     ('id', 'bigint', true), ('analysis_job_id', 'bigint', true), ('metric_key', 'text', true),
     ('metric_value', 'numeric', true), ('unit', 'unit', false),
     ('created_at', 'timestamp with time zone', true) $$,
  'columns of public.analysis_metrics'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.analysis_ssml_segments') $$,
  $$ values
     ('id', 'bigint', true), ('feedback_id', 'bigint', true), ('segment_index', 'integer', true),
     ('ssml', 'ssml', true), ('provider', 'plain_name', true), ('version', 'plain_name', false),
     ('created_at', 'timestamp with time zone', true) $$,
  'columns of public.analysis_ssml_segments'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.coach_voices') $$,
  $$ values
     ('id', 'bigint', true), ('name', 'text', true), ('description', 'text', true),
     ('language_code', 'text', true), ('voice_name', 'text', true),
     ('speaking_rate', 'numeric', true), ('pitch', 'numeric', true), ('style', 'text', true),
     ('is_default', 'boolean', true) $$,
  'columns of public.coach_voices'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.processing_timeline') $$,
  $$ values
     ('id', 'bigint', true), ('user_id', 'uuid', true), ('stage', 'text', true),
     ('subject_id', 'bigint', true), ('attempt', 'integer', true), ('step', 'text', false),
     ('queued_at', 'timestamp with time zone', false),
     ('started_at', 'timestamp with time zone', true),
     ('ended_at', 'timestamp with time zone', false), ('outcome', 'text', false),
     ('error_code', 'text', false), ('details', 'pipeline.timeline_details', false) $$,
  'columns of public.processing_timeline'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.video_recordings') $$,
  $$ values
     ('session_id', 'bigint', false),
     ('id', 'bigint', true), ('user_id', 'uuid', true), ('filename', 'text', true),
     ('original_filename', 'text', false), ('storage_path', 'text', true),
     ('mime_type', 'text', false), ('file_size', 'bigint', false),
     ('duration_seconds', 'numeric', false), ('language', 'text', true),
     ('upload_status', 'text', true), ('error_code', 'text', false), ('last_error', 'text', false),
     ('created_at', 'timestamp with time zone', true),
     ('updated_at', 'timestamp with time zone', true) $$,
  'columns of public.video_recordings'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.voice_preferences') $$,
  $$ values
     ('user_id', 'uuid', true), ('coach_voice_id', 'bigint', true),
     ('created_at', 'timestamp with time zone', true),
     ('updated_at', 'timestamp with time zone', true) $$,
  'columns of public.voice_preferences'
);

select * from finish();
rollback;
