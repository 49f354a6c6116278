-- Who meets which policy, in one table. What each lets through is tried in the tests of policies.
begin;
select plan(1);

select set_eq(
  $$ select p.schemaname || '.' || p.tablename, p.policyname::text, p.cmd,
       array_to_string(p.roles, ', ')
     from pg_policies as p where p.schemaname in ('public', 'pipeline') $$,
  $$ values
     ('pipeline.audit_log', 'operators read who did what', 'SELECT', 'service_role'),
     ('pipeline.checkups', 'the last look is read', 'SELECT', 'service_role'),
     ('pipeline.failures', 'failures are listed', 'ALL', 'service_role'),
     ('pipeline.operator_actions', 'what operators did is read', 'SELECT', 'service_role'),
     ('pipeline.provider_limits', 'workers and operators read and tune the limits', 'ALL',
       'service_role'),
     ('pipeline.rate_limits', 'what is limited is counted', 'ALL', 'service_role'),
     ('pipeline.retention', 'operators set how long rows are kept', 'ALL', 'service_role'),
     ('pipeline.retries', 'retries are counted', 'ALL', 'service_role'),
     ('pipeline.stage_clocks', 'workers and operators read and move the clocks', 'ALL',
       'service_role'),
     ('pipeline.stages', 'workers and operators read and tune the stages', 'ALL', 'service_role'),
     ('pipeline.tasks', 'workers and operators use the queue', 'ALL', 'service_role'),
     ('pipeline.usage', 'claims are counted', 'ALL', 'service_role'),
     ('pipeline.user_quotas', 'operators set quotas', 'ALL', 'service_role'),
     ('public.analysis_audio_segments', 'owners read their audio', 'SELECT', 'authenticated'),
     ('public.analysis_feedback', 'owners read their feedback', 'SELECT', 'authenticated'),
     ('public.analysis_jobs', 'owners read their analysis', 'SELECT', 'authenticated'),
     ('public.analysis_metrics', 'owners read their metrics', 'SELECT', 'authenticated'),
     ('public.analysis_ssml_segments', 'owners read their SSML', 'SELECT', 'authenticated'),
     ('public.coach_voices', 'users read the voices', 'SELECT', 'authenticated'),
     ('public.processing_timeline', 'owners read what became of their items', 'SELECT',
       'authenticated'),
     ('public.processing_timeline', 'workers tell what became of items', 'ALL', 'service_role'),
     ('public.render_elements', 'owners read what their renders are composed of', 'SELECT',
       'authenticated'),
     ('public.render_jobs', 'owners read their renders', 'SELECT', 'authenticated'),
     ('public.render_links', 'owners end their links', 'UPDATE', 'authenticated'),
     ('public.render_links', 'owners read their links', 'SELECT', 'authenticated'),
     ('public.storage_operations', 'operators read what was done to objects', 'SELECT',
       'service_role'),
     ('public.storage_operations', 'owners read what was done to their objects', 'SELECT',
       'authenticated'),
     ('public.url_access_logs', 'owners read who opened their links', 'SELECT', 'authenticated'),
     ('public.video_recordings', 'owners add their recordings', 'INSERT', 'authenticated'),
     ('public.video_recordings', 'owners delete their recordings', 'DELETE', 'authenticated'),
     ('public.video_recordings', 'owners read their recordings', 'SELECT', 'authenticated'),
     ('public.video_recordings', 'owners update their recordings', 'UPDATE', 'authenticated'),
     ('public.voice_preferences', 'owners change their voice', 'UPDATE', 'authenticated'),
     ('public.voice_preferences', 'owners choose their voice', 'INSERT', 'authenticated'),
     ('public.voice_preferences', 'owners forget their voice', 'DELETE', 'authenticated'),
     ('public.voice_preferences', 'owners read their voice', 'SELECT', 'authenticated') $$,
  'these are the policies: owners alone read and write, and only what is theirs'
);

select * from finish();
rollback;
