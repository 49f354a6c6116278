-- Who may do what, in one table. Column-wise privileges are listed by column.
begin;
select plan(5);

select set_eq(
  $$ select c.relname::text, a.privilege_type::text
     from pg_class as c, aclexplode(c.relacl) as a
     where c.relnamespace = 'public'::regnamespace and a.grantee = 'authenticated'::regrole $$,
  $$ values
     ('active_renders', 'SELECT'),
     ('analysis_audio_segments', 'SELECT'),
     ('analysis_feedback', 'SELECT'),
     ('analysis_jobs', 'SELECT'),
     ('analysis_metrics', 'SELECT'),
     ('analysis_ssml_segments', 'SELECT'),
     ('coach_voices', 'SELECT'),
     ('contacts', 'DELETE'),
     ('contacts', 'SELECT'),
     ('draft_validation_stats', 'SELECT'),
     ('hole_resolutions', 'DELETE'),
     ('hole_resolutions', 'SELECT'),
     ('message_queue', 'SELECT'),
     ('operator_checkup', 'SELECT'),
     ('operator_costs', 'SELECT'),
     ('operator_failures', 'SELECT'),
     ('operator_pace', 'SELECT'),
     ('operator_providers', 'SELECT'),
     ('operator_quotas', 'SELECT'),
     ('operator_stages', 'SELECT'),
     ('deleted_recordings', 'SELECT'),
     ('processing_timeline', 'SELECT'),
     ('recent_activity', 'SELECT'),
     ('render_elements', 'SELECT'),
     ('render_jobs', 'DELETE'),
     ('render_jobs', 'SELECT'),
     ('render_links', 'SELECT'),
     ('render_summary', 'SELECT'),
     ('session_drafts', 'DELETE'),
     ('session_drafts', 'SELECT'),
     ('session_revisions', 'DELETE'),
     ('session_revisions', 'SELECT'),
     ('session_summary', 'SELECT'),
     ('sessions', 'DELETE'),
     ('sessions', 'SELECT'),
     ('storage_operations', 'SELECT'),
     ('url_access_logs', 'SELECT'),
     ('user_analytics', 'SELECT'),
     ('video_recordings', 'DELETE'),
     ('video_recordings', 'SELECT'),
     ('voice_preferences', 'DELETE'),
     ('rule_usage', 'SELECT'),
     ('voice_preferences', 'SELECT') $$,
  'users read everything of theirs, delete recordings, sessions and voice preferences; operators '
    'are checked'
);

select set_eq(
  $$ select a.attrelid::regclass::text, a.attname::text
     from pg_attribute as a
     join pg_class as c on c.oid = a.attrelid, aclexplode(a.attacl) as g
     where c.relnamespace = 'public'::regnamespace
       and g.grantee = 'authenticated'::regrole and g.privilege_type = 'UPDATE' $$,
  $$ values
     ('contacts', 'enabled'), ('contacts', 'topics'),
     ('video_recordings', 'filename'), ('video_recordings', 'duration_seconds'),
     ('video_recordings', 'language'), ('video_recordings', 'upload_status'),
     ('video_recordings', 'error_code'), ('video_recordings', 'last_error'),
     ('video_recordings', 'session_id'),
     ('voice_preferences', 'user_id'), ('voice_preferences', 'coach_voice_id'),
     ('render_links', 'expires_at'),
     ('sessions', 'title'), ('sessions', 'request'), ('sessions', 'status'),
     ('session_revisions', 'note'), ('session_drafts', 'note'), ('hole_resolutions', 'note') $$,
  'users update the upload''s state and names of recordings, their voice, when links end, and '
    'what they say of sessions'
);

select set_eq(
  $$ select c.relname::text, a.privilege_type::text
     from pg_class as c, aclexplode(c.relacl) as a
     where c.relnamespace = 'pipeline'::regnamespace and a.grantee = 'service_role'::regrole $$,
  $$ values
     ('alert_rules', 'DELETE'),
     ('alert_rules', 'INSERT'),
     ('alert_rules', 'SELECT'),
     ('alert_rules', 'UPDATE'),
     ('alerts', 'SELECT'),
     ('analysis_items', 'SELECT'),
     ('analysis_items', 'UPDATE'),
     ('analysis_served_turn', 'SELECT'),
     ('analysis_served_turn', 'UPDATE'),
     ('arrivals', 'SELECT'),
     ('arrivals', 'UPDATE'),
     ('arrivals', 'USAGE'),
     ('arrivals_dispatched', 'SELECT'),
     ('arrivals_dispatched', 'UPDATE'),
     ('arrivals_dispatched', 'USAGE'),
     ('audio_items', 'SELECT'),
     ('audio_items', 'UPDATE'),
     ('draft_items', 'SELECT'),
     ('draft_items', 'UPDATE'),
     ('draft_served_turn', 'SELECT'),
     ('draft_served_turn', 'UPDATE'),
     ('audio_served_turn', 'SELECT'),
     ('audio_served_turn', 'UPDATE'),
     ('audit_log', 'SELECT'),
     ('checkups', 'SELECT'),
     ('cost_per_day', 'SELECT'),
     ('cost_per_recording', 'SELECT'),
     ('duplicate_spend', 'SELECT'),
     ('failure_rates', 'SELECT'),
     ('failures', 'DELETE'),
     ('failures', 'INSERT'),
     ('failures', 'SELECT'),
     ('failures', 'UPDATE'),
     ('notify_items', 'SELECT'),
     ('notify_items', 'UPDATE'),
     ('notify_served_turn', 'SELECT'),
     ('notify_served_turn', 'UPDATE'),
     ('lease_numbers', 'USAGE'),
     ('pipeline_health', 'SELECT'),
     ('cost_per_day', 'SELECT'),
     ('cost_per_recording', 'SELECT'),
     ('duplicate_spend', 'SELECT'),
     ('provider_calls', 'INSERT'),
     ('provider_calls', 'SELECT'),
     ('erase_items', 'SELECT'),
     ('erase_items', 'UPDATE'),
     ('erase_served_turn', 'SELECT'),
     ('erase_served_turn', 'UPDATE'),
     ('erasures', 'DELETE'),
     ('erasures', 'INSERT'),
     ('erasures', 'SELECT'),
     ('erasures', 'UPDATE'),
     ('object_names', 'SELECT'),
     ('object_search', 'SELECT'),
     ('provider_limits', 'INSERT'),
     ('provider_limits', 'SELECT'),
     ('provider_limits', 'UPDATE'),
     ('provider_prices', 'DELETE'),
     ('provider_prices', 'INSERT'),
     ('provider_prices', 'SELECT'),
     ('provider_prices', 'UPDATE'),
     ('rate_limits', 'DELETE'),
     ('rate_limits', 'INSERT'),
     ('rate_limits', 'SELECT'),
     ('rate_limits', 'UPDATE'),
     ('render_items', 'SELECT'),
     ('render_items', 'UPDATE'),
     ('render_served_turn', 'SELECT'),
     ('render_served_turn', 'UPDATE'),
     ('provider_prices', 'DELETE'),
     ('provider_prices', 'INSERT'),
     ('provider_prices', 'SELECT'),
     ('provider_prices', 'UPDATE'),
     ('render_sources', 'SELECT'),
     ('replacements_looked_at', 'SELECT'),
     ('replacements_looked_at', 'UPDATE'),
     ('retention', 'SELECT'),
     ('retries', 'DELETE'),
     ('retries', 'INSERT'),
     ('retries', 'SELECT'),
     ('retries', 'UPDATE'),
     ('rule_usage', 'SELECT'),
     ('ssml_items', 'SELECT'),
     ('ssml_items', 'UPDATE'),
     ('ssml_served_turn', 'SELECT'),
     ('ssml_served_turn', 'UPDATE'),
     ('stage_clocks', 'SELECT'),
     ('stage_clocks', 'UPDATE'),
     ('stage_latency', 'SELECT'),
     ('stages', 'SELECT'),
     ('stages', 'UPDATE'),
     ('system_metrics', 'SELECT'),
     ('tasks', 'DELETE'),
     ('tasks', 'INSERT'),
     ('tasks', 'SELECT'),
     ('tasks', 'UPDATE'),
     ('upload_items', 'SELECT'),
     ('upload_items', 'UPDATE'),
     ('upload_served_turn', 'SELECT'),
     ('upload_served_turn', 'UPDATE'),
     ('usage', 'DELETE'),
     ('usage', 'INSERT'),
     ('usage', 'SELECT'),
     ('usage', 'UPDATE'),
     ('user_activity', 'SELECT'),
     ('user_quotas', 'DELETE'),
     ('user_quotas', 'INSERT'),
     ('user_quotas', 'SELECT'),
     ('user_quotas', 'UPDATE'),
     ('violations', 'SELECT') $$,
  'operators and workers use the queue, and tune stages and limits, but remove none'
);

select is_empty(
  $$ select r.rolname from pg_roles as r
     where r.rolname in ('anon', 'authenticated', 'authenticator')
       and has_schema_privilege(r.oid, 'pipeline', 'usage') $$,
  'callers of the API cannot reach into schema pipeline'
);

set local role authenticated;
select throws_ok(
  'select * from pipeline.claim_analysis()', '42501', null, 'users cannot claim'
);
set local role anon;
select throws_ok(
  'select * from pipeline.dispatch()', '42501', null, 'anonymous callers cannot dispatch'
);

reset role;
select * from finish();
rollback;
