-- The tables of sessions: their columns, keys in full, and rules by their names.
begin;
select plan(12);

create function pg_temp.columns_of(table_name regclass)
returns table (name text, type text, is_required boolean)
language sql stable
as $$
  select a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull
  from pg_attribute as a
  where a.attrelid = columns_of.table_name and a.attnum > 0 and not a.attisdropped
$$;

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

select set_eq(
  $$ select * from pg_temp.columns_of('public.hole_resolutions') $$,
  $$ values
     ('id', 'bigint', true), ('session_id', 'bigint', true), ('user_id', 'uuid', true),
     ('base_revision', 'integer', true), ('revision', 'integer', true),
     ('hole_id', 'text', true), ('type', 'text', true), ('question', 'text', true),
     ('unit', 'text', false), ('value', 'jsonb', true), ('method', 'text', true),
     ('resolved_by', 'uuid', false), ('note', 'note', false),
     ('created_at', 'timestamp with time zone', true) $$,
  'columns of public.hole_resolutions'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.session_drafts') $$,
  $$ values
     ('id', 'bigint', true), ('session_id', 'bigint', true), ('user_id', 'uuid', true),
     ('base_revision', 'integer', true), ('request', 'text', true),
     ('status', 'stage_status', true), ('attempts', 'integer', true),
     ('error_code', 'text', false), ('last_error', 'text', false),
     ('updated_at', 'timestamp with time zone', true), ('ir', 'jsonb', false),
     ('model', 'plain_name', false), ('prompt_version', 'plain_name', false),
     ('input_tokens', 'integer', true), ('output_tokens', 'integer', true),
     ('cost_micros', 'bigint', true), ('milliseconds', 'integer', true),
     ('syntax_ok', 'boolean', false), ('schema_ok', 'boolean', false),
     ('rules_ok', 'boolean', false), ('is_repaired', 'boolean', true),
     ('faults', 'text[]', true), ('outcome', 'text', false),
     ('applied_revision', 'integer', false), ('note', 'note', false),
     ('correlation_id', 'uuid', true),
     ('created_at', 'timestamp with time zone', true) $$,
  'columns of public.session_drafts'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.session_revisions') $$,
  $$ values
     ('id', 'bigint', true), ('session_id', 'bigint', true), ('user_id', 'uuid', true),
     ('revision', 'integer', true), ('base_revision', 'integer', true), ('cause', 'text', true),
     ('reverted_to', 'integer', false), ('ir', 'jsonb', true), ('diff', 'jsonb', true),
     ('note', 'note', false), ('created_at', 'timestamp with time zone', true) $$,
  'columns of public.session_revisions'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.sessions') $$,
  $$ values
     ('id', 'bigint', true), ('user_id', 'uuid', true), ('title', 'title', true),
     ('request', 'text', true), ('status', 'text', true), ('current_ir', 'jsonb', true),
     ('revision', 'integer', true), ('revision_count', 'integer', true),
     ('draft_count', 'integer', true), ('hole_count', 'integer', true),
     ('created_at', 'timestamp with time zone', true),
     ('updated_at', 'timestamp with time zone', true), ('search', 'tsvector', false) $$,
  'columns of public.sessions'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.hole_resolutions') $$,
  $$ values
     ('hole_resolutions_pkey', 'PRIMARY KEY (id)'),
     ('hole_resolutions_session_id_user_id_fkey',
       'FOREIGN KEY (session_id, user_id) REFERENCES public.sessions(id, user_id) ON DELETE CASCADE') $$,
  'keys of public.hole_resolutions'
);
select set_eq(
  $$ select pg_temp.rules_of('public.hole_resolutions') $$,
  array[
    'hole_id_is_snake_case', 'method_is_known', 'note_is_short', 'type_is_known',
    'value_is_small'
  ],
  'rules of public.hole_resolutions'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.session_drafts') $$,
  $$ values
     ('session_drafts_pkey', 'PRIMARY KEY (id)'),
     ('session_drafts_session_id_user_id_fkey',
       'FOREIGN KEY (session_id, user_id) REFERENCES public.sessions(id, user_id) ON DELETE CASCADE') $$,
  'keys of public.session_drafts'
);
select set_eq(
  $$ select pg_temp.rules_of('public.session_drafts') $$,
  array[
    'a_completed_draft_has_a_brief', 'a_failed_draft_says_why', 'attempts_are_not_negative',
    'brief_has_no_fault', 'costs_are_not_negative', 'faults_are_few_and_short', 'name_is_plain',
    'note_is_short', 'only_an_applied_draft_has_a_revision', 'outcome_is_known',
    'request_is_short', 'status_is_known'
  ],
  'rules of public.session_drafts'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.session_revisions') $$,
  $$ values
     ('session_revisions_pkey', 'PRIMARY KEY (id)'),
     ('session_revisions_session_id_user_id_revision_key', 'UNIQUE (session_id, user_id, revision)'),
     ('session_revisions_session_id_user_id_fkey',
       'FOREIGN KEY (session_id, user_id) REFERENCES public.sessions(id, user_id) ON DELETE CASCADE') $$,
  'keys of public.session_revisions'
);
select set_eq(
  $$ select pg_temp.rules_of('public.session_revisions') $$,
  array[
    'a_revision_follows_its_base', 'cause_is_known', 'note_is_short',
    'only_a_revert_names_what_it_went_back_to'
  ],
  'rules of public.session_revisions'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.sessions') $$,
  $$ values
     ('sessions_id_user_id_key', 'UNIQUE (id, user_id)'),
     ('sessions_pkey', 'PRIMARY KEY (id)'),
     ('sessions_user_id_fkey',
       'FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE') $$,
  'keys of public.sessions'
);
select set_eq(
  $$ select pg_temp.rules_of('public.sessions') $$,
  array[
    'a_session_has_at_most_1000_answers', 'a_session_has_at_most_1000_revisions',
    'a_session_has_at_most_200_drafts', 'brief_has_no_fault', 'request_is_short',
    'revision_is_not_negative', 'status_is_known', 'title_is_short'
  ],
  'rules of public.sessions'
);

select * from finish();
rollback;
