-- The tables of operations: their columns, keys in full, and rules by their names.
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
  $$ select * from pg_temp.columns_of('pipeline.audit_log') $$,
  $$ values
     ('id', 'bigint', true), ('logged_at', 'timestamp with time zone', true),
     ('actor', 'text', true), ('actor_id', 'uuid', false), ('action', 'text', true),
     ('subject', 'text', false), ('details', 'jsonb', false) $$,
  'columns of pipeline.audit_log'
);
select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.audit_log') $$,
  $$ values
     ('audit_log_pkey', 'PRIMARY KEY (id)') $$,
  'keys of pipeline.audit_log'
);
select set_eq(
  $$ select pg_temp.rules_of('pipeline.audit_log') $$,
  array['action_is_snake_case', 'actor_is_known', 'details_are_small', 'subject_is_short'],
  'rules of pipeline.audit_log'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.rate_limits') $$,
  $$ values
     ('subject', 'text', true), ('count', 'integer', true),
     ('ends_at', 'timestamp with time zone', true) $$,
  'columns of pipeline.rate_limits'
);
select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.rate_limits') $$,
  $$ values
     ('rate_limits_pkey', 'PRIMARY KEY (subject)') $$,
  'keys of pipeline.rate_limits'
);
select set_eq(
  $$ select pg_temp.rules_of('pipeline.rate_limits') $$,
  array['subject_is_short'],
  'rules of pipeline.rate_limits'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.retention') $$,
  $$ values
     ('schema_name', 'text', true), ('table_name', 'text', true), ('column_name', 'text', true),
     ('keep_for', 'interval', true), ('max_rows', 'integer', true) $$,
  'columns of pipeline.retention'
);
select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.retention') $$,
  $$ values
     ('retention_pkey', 'PRIMARY KEY (schema_name, table_name)') $$,
  'keys of pipeline.retention'
);
select set_eq(
  $$ select pg_temp.rules_of('pipeline.retention') $$,
  array['keep_for_is_not_negative', 'max_rows_is_between_1_and_1000000'],
  'rules of pipeline.retention'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.storage_operations') $$,
  $$ values
     ('id', 'bigint', true), ('user_id', 'uuid', true), ('operation', 'text', true),
     ('bucket', 'text', true), ('path', 'text', true), ('outcome', 'text', true),
     ('bytes', 'bigint', false), ('milliseconds', 'integer', true),
     ('function_name', 'text', true), ('done_at', 'timestamp with time zone', true) $$,
  'columns of public.storage_operations'
);
select set_eq(
  $$ select * from pg_temp.keys_of('public.storage_operations') $$,
  $$ values
     ('storage_operations_pkey', 'PRIMARY KEY (id)'),
     ('storage_operations_user_id_fkey',
       'FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE') $$,
  'keys of public.storage_operations'
);
select set_eq(
  $$ select pg_temp.rules_of('public.storage_operations') $$,
  array['amounts_are_not_negative', 'names_are_short', 'operation_is_known', 'outcome_is_known'],
  'rules of public.storage_operations'
);

select * from finish();
rollback;
