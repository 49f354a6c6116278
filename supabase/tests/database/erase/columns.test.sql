-- The tables of erasures and their columns.
begin;
select plan(4);

create function pg_temp.columns_of(table_name regclass)
returns table (name text, type text, is_required boolean)
language sql stable
as $$
  select a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull
  from pg_attribute as a
  where a.attrelid = columns_of.table_name and a.attnum > 0 and not a.attisdropped
$$;

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.erasures') $$,
  $$ values
     ('id', 'bigint', true), ('bucket', 'text', true), ('path', 'text', true),
     ('user_id', 'uuid', true), ('reason', 'text', true),
     ('asked_at', 'timestamp with time zone', true), ('status', 'stage_status', true),
     ('attempts', 'integer', true), ('error_code', 'text', false), ('last_error', 'text', false),
     ('updated_at', 'timestamp with time zone', true) $$,
  'columns of pipeline.erasures'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.object_names') $$,
  $$ values
     ('schema_name', 'text', true), ('table_name', 'text', true), ('column_name', 'text', true),
     ('bucket', 'text', true), ('awaited', 'boolean', true) $$,
  'columns of pipeline.object_names'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.object_search') $$,
  $$ values ('is_only', 'boolean', true), ('looked_at', 'uuid', true) $$,
  'columns of pipeline.object_search'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.deleted_recordings') $$,
  $$ values
     ('id', 'bigint', true), ('user_id', 'uuid', true),
     ('deleted_at', 'timestamp with time zone', true) $$,
  'columns of public.deleted_recordings'
);

select * from finish();
rollback;
