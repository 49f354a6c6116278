-- Rules that hold for every table and function of the project, beside those of `npm run db:lint`. Who
-- may do what to the rows of each table is the table in docs/concepts.md.
begin;
select plan(10);

create temp view ours as
select n.oid as schema from pg_namespace as n where n.nspname in ('public', 'pipeline');

select is_empty(
  $$ select c.oid::regclass from pg_class as c
     where c.relnamespace in (select schema from ours) and c.relkind in ('r', 'p')
       and not c.relrowsecurity $$,
  'every table has row level security'
);
select is_empty(
  $$ select c.oid::regclass from pg_class as c
     where c.relnamespace in (select schema from ours) and c.relkind in ('r', 'p')
       and not exists (select from pg_policy as p where p.polrelid = c.oid) $$,
  'every table has a policy'
);
select is_empty(
  $$ select k.conrelid::regclass, k.conname from pg_constraint as k
     where k.contype = 'f' and k.connamespace in (select schema from ours)
       and not exists (
         select from pg_index as i
         where i.indrelid = k.conrelid and i.indpred is null
           and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
       ) $$,
  'every foreign key has an index'
);
select is_empty(
  $$ select k.conrelid::regclass, k.conname from pg_constraint as k
     where k.connamespace in (select schema from ours) and not k.convalidated $$,
  'every constraint holds for old rows too'
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
select is_empty(
  $$ select c.oid::regclass, a.privilege_type from pg_class as c, aclexplode(c.relacl) as a
     where c.relnamespace in (select schema from ours) and a.grantee in (0, 'anon'::regrole)
     union all
     select a.attrelid::regclass, g.privilege_type
     from pg_attribute as a
     join pg_class as c on c.oid = a.attrelid, aclexplode(a.attacl) as g
     where c.relnamespace in (select schema from ours) and g.grantee in (0, 'anon'::regrole)
       -- The keys of what Realtime publishes: it asks the policies, which show none.
       and not (g.privilege_type = 'SELECT' and a.attname = 'id' and exists (
         select from pg_publication_rel as p where p.prrelid = a.attrelid
       )) $$,
  'anonymous callers have no privilege on any table, column or sequence'
);
select is_empty(
  $$ select p.oid::regprocedure from pg_proc as p
     where p.pronamespace in (select schema from ours)
       and has_function_privilege('anon', p.oid, 'execute') $$,
  'anonymous callers may execute no function'
);
select set_eq(
  $$ select p.proname::text from pg_proc as p
     where p.pronamespace = 'pipeline'::regnamespace and p.proname not like 'operator\_%'
       and has_function_privilege('authenticated', p.oid, 'execute') $$,
  array['brief_fault', 'empty_brief', 'fits_hole', 'hole_fault', 'now'],
  'of pipeline users may execute what their views, and defaults and checks of their rows, call'
);
select is_empty(
  $$ select p.oid::regprocedure from pg_proc as p
     where p.pronamespace in (select schema from ours) and p.proname like 'operator\_%'
       and p.prosrc !~ 'pipeline\.(check_operator|set_stage_enabled)\(' $$,
  'every function for operators checks that its caller is one'
);

select * from finish();
rollback;
