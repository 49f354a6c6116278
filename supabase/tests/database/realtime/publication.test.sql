-- What subscribers can be told at all. Who of them is, row by row, policies say.
begin;
select plan(3);

select set_eq(
  $$ select tablename::text from pg_publication_tables
     where pubname = 'supabase_realtime' and schemaname = 'public' $$,
  array['video_recordings', 'analysis_jobs', 'analysis_feedback', 'analysis_ssml_segments',
    'analysis_audio_segments',
    'deleted_recordings',
    'render_jobs',
    'session_drafts',
    'sessions'],
  'users can watch these tables, and no other'
);

select results_eq(
  $$ select pubinsert, pubupdate, pubdelete, pubtruncate from pg_publication
     where pubname = 'supabase_realtime' $$,
  'values (true, true, false, false)',
  'that a row is gone is not told: everybody would hear it'
);

-- Else they are told an error with the table, the type and the time of each change.
select is_empty(
  $$ select p.tablename, r.rolname from pg_publication_tables as p
     cross join pg_roles as r
     join pg_index as i
       on i.indrelid = format('%I.%I', p.schemaname, p.tablename)::regclass and i.indisprimary
     cross join unnest(i.indkey) as k
     where p.pubname = 'supabase_realtime' and r.rolname in ('anon', 'authenticated')
       and not has_column_privilege(r.oid, i.indrelid, k, 'select') $$,
  'Realtime asks the policies about every reader: all may select the keys'
);

select * from finish();
rollback;
