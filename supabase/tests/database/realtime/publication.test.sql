begin;
select plan(1);

select set_eq(
  $$ select tablename::text from pg_publication_tables
     where pubname = 'supabase_realtime' and schemaname = 'public' $$,
  array['video_recordings', 'analysis_jobs', 'analysis_feedback', 'analysis_ssml_segments',
    'analysis_audio_segments', 'render_jobs'],
  'users can watch these tables, and no other'
);

select * from finish();
rollback;
