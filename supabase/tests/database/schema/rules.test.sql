-- Rules that hold for every table and function of the project.
begin;
select plan(11);

select is_empty(
  $$ select c.oid::regclass from pg_class as c
     where c.relnamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
       and c.relkind in ('r', 'p') and not c.relrowsecurity $$,
  'every table has row level security'
);

select is_empty(
  $$ select c.oid::regclass from pg_class as c
     where c.relnamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
       and c.relkind in ('r', 'p')
       and not exists (select from pg_policy as p where p.polrelid = c.oid) $$,
  'every table has a policy'
);

select is_empty(
  $$ select c.oid::regclass, a.attname from pg_class as c
     left join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
       and c.relkind in ('r', 'p')
       and (obj_description(c.oid, 'pg_class') is null or col_description(c.oid, a.attnum) is null)
  $$,
  'every table and column has a comment'
);

select is_empty(
  $$ select k.conrelid::regclass, k.conname from pg_constraint as k
     where k.contype = 'f'
       and k.connamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
       and not exists (
         select from pg_index as i
         where i.indrelid = k.conrelid and i.indpred is null
           and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
       ) $$,
  'every foreign key has an index'
);

select is_empty(
  $$ select k.conrelid::regclass, k.conname from pg_constraint as k
     where k.connamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
       and not k.convalidated $$,
  'every constraint holds for old rows too'
);

select is_empty(
  $$ select p.oid::regprocedure from pg_proc as p
     where p.pronamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
       and p.prosqlbody is null and not coalesce('search_path=""' = any (p.proconfig), false) $$,
  'every function has an empty search_path, or was bound when it was created'
);

select set_eq(
  $$ select p.oid::regprocedure::text from pg_proc as p
     where p.pronamespace in ('public'::regnamespace, 'pipeline'::regnamespace) and p.prosecdef $$,
  array[
    'add_render_element(bigint,text,integer,text,text,text,jsonb,numeric,numeric,numeric,numeric,text,numeric,numeric,numeric,numeric,numeric)',
    'cancel_render_job(bigint)',
    'compose_coached_render(bigint,jsonb)',
    'create_render_job(text,integer,integer,integer,text,jsonb)',
    'create_render_link(bigint,integer)',
    'edit_feedback(bigint,text,text)',
    'operator_attempts(text,bigint)',
    'operator_check_now()',
    'operator_failed_items(text,text,timestamp with time zone,bigint,integer,text,text,timestamp with time zone)',
    'operator_find(bigint)',
    'operator_find_failures(text,text,timestamp with time zone,timestamp with time zone)',
    'operator_item(text,bigint)',
    'operator_pause_stage(text)',
    'operator_resume_stage(text)',
    'operator_retry(text,bigint)',
    'operator_retry_all(text,text,timestamp with time zone,integer,text,text,timestamp with time zone)',
    'operator_set_quota(uuid,text,integer)',
    'operator_user(text)',
    'pipeline.ask_for_draft()',
    'pipeline.begin_session()',
    'pipeline.check_chosen_session()',
    'pipeline.check_contact()',
    'pipeline.count_session_rows()',
    'pipeline.derive_session_status()',
    'delete_account()',
    'delete_audio(bigint)',
    'erasures_left()',
    'has_account()',
    'pipeline.drop_tasks()',
    'pipeline.enqueue_drafts()',
    'pipeline.erase_providers_copy()',
    'pipeline.names_objects()',
    'pipeline.renames_objects()',
    'pipeline.tell_of_deleted_recordings()',
    'pipeline.unnames_objects()',
    'pipeline.follow_inserted_recordings()',
    'pipeline.forget_unwanted()',
    'pipeline.follow_updated_recordings()',
    'pipeline.is_operators(uuid)',
    'pipeline.is_own_address(uuid,text)',
    'pipeline.keep_current_revision()',
    'pipeline.log_change()',
    'pipeline.log_deleted_recordings()',
    'pipeline.log_security_event(text,text,jsonb)',
    'pipeline.log_storage_operations(jsonb)',
    'pipeline.operator_checkup()',
    'pipeline.operator_costs()',
    'pipeline.operator_failures()',
    'pipeline.operator_pace()',
    'pipeline.operator_providers()',
    'pipeline.operator_quotas()',
    'pipeline.operator_stages()',
    'pipeline.resolve_hole()',
    'pipeline.touch_updated_at()',
    'pipeline.unpark()',
    'pipeline.watch_scheduler()',
    'pipeline.write_revision()',
    'retry_analysis(bigint)',
    'retry_draft(bigint)',
    'retry_feedback(bigint,text)',
    'retry_render(bigint)',
    'search_sessions(text,text,text,timestamp with time zone,bigint,integer)',
    'start_render(bigint)'
  ],
  'these functions alone run with their owner''s rights'
);

select is_empty(
  $$ select c.oid::regclass, a.privilege_type from pg_class as c, aclexplode(c.relacl) as a
     where c.relnamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
       and a.grantee in (0, 'anon'::regrole)
     union all
     select a.attrelid::regclass, g.privilege_type
     from pg_attribute as a
     join pg_class as c on c.oid = a.attrelid, aclexplode(a.attacl) as g
     where c.relnamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
       and g.grantee in (0, 'anon'::regrole)
       -- The keys of what Realtime publishes: it asks the policies, which show none.
       and not (g.privilege_type = 'SELECT' and a.attname = 'id' and exists (
         select from pg_publication_rel as p where p.prrelid = a.attrelid
       )) $$,
  'anonymous callers have no privilege on any table, column or sequence'
);

select is_empty(
  $$ select p.oid::regprocedure from pg_proc as p
     where p.pronamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
       and has_function_privilege('anon', p.oid, 'execute') $$,
  'anonymous callers may execute no function'
);

select set_eq(
  $$ select p.oid::regprocedure::text from pg_proc as p
     where p.pronamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
       and has_function_privilege('authenticated', p.oid, 'execute') $$,
  array[
    'add_render_element(bigint,text,integer,text,text,text,jsonb,numeric,numeric,numeric,numeric,text,numeric,numeric,numeric,numeric,numeric)',
    'calculate_render_progress(bigint)',
    'cancel_render_job(bigint)',
    'compose_coached_render(bigint,jsonb)',
    'create_render_job(text,integer,integer,integer,text,jsonb)',
    'create_render_link(bigint,integer)',
    'delete_account()',
    'delete_audio(bigint)',
    'edit_feedback(bigint,text,text)',
    'erasures_left()',
    'get_render_statistics(timestamp with time zone,timestamp with time zone)',
    'has_account()',
    'is_operator()',
    'operator_attempts(text,bigint)',
    'operator_check_now()',
    'operator_failed_items(text,text,timestamp with time zone,bigint,integer,text,text,timestamp with time zone)',
    'operator_find(bigint)',
    'operator_find_failures(text,text,timestamp with time zone,timestamp with time zone)',
    'operator_item(text,bigint)',
    'operator_pause_stage(text)',
    'operator_resume_stage(text)',
    'operator_retry(text,bigint)',
    'operator_retry_all(text,text,timestamp with time zone,integer,text,text,timestamp with time zone)',
    'operator_set_quota(uuid,text,integer)',
    'operator_user(text)',
    'pipeline.brief_fault(jsonb)',
    'pipeline.empty_brief()',
    'pipeline.fits_hole(jsonb,jsonb)',
    'pipeline.hole_fault(jsonb)',
    'pipeline.now()',
    'pipeline.operator_checkup()',
    'pipeline.operator_costs()',
    'pipeline.operator_failures()',
    'pipeline.operator_pace()',
    'pipeline.operator_providers()',
    'pipeline.operator_quotas()',
    'pipeline.operator_stages()',
    'retry_analysis(bigint)',
    'retry_draft(bigint)',
    'retry_feedback(bigint,text)',
    'retry_render(bigint)',
    'search_sessions(text,text,text,timestamp with time zone,bigint,integer)',
    'start_render(bigint)'
  ],
  'users may execute what checks who they are, and the clock of their column defaults'
);

select is_empty(
  $$ select p.oid::regprocedure from pg_proc as p
     where p.pronamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
       and p.proname like 'operator\_%'
       and p.prosrc !~ 'pipeline\.(check_operator|set_stage_enabled)\(' $$,
  'every function for operators checks that its caller is one'
);

select * from finish();
rollback;
