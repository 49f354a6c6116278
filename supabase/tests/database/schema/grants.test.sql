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

select is_empty(
  $$ select r.rolname from pg_roles as r
     where r.rolname in ('anon', 'authenticated', 'authenticator')
       and has_schema_privilege(r.oid, 'pipeline', 'usage') $$,
  'callers of the API cannot reach into schema pipeline'
);

set local role authenticated;
select throws_ok('select * from pipeline.claim_analysis()', '42501', null, 'users cannot claim');
set local role anon;
select throws_ok(
  'select * from pipeline.dispatch()', '42501', null, 'anonymous callers cannot dispatch'
);

reset role;
select * from finish();
rollback;
