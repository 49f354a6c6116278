-- The tables of operations: their columns, keys in full, and rules by their names.
begin;
select plan(27);

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
  $$ select * from pg_temp.columns_of('pipeline.alert_rules') $$,
  $$ values
     ('name', 'text', true), ('metric', 'text', true), ('labels', 'jsonb', true),
     ('threshold', 'double precision', true), ('held_for', 'interval', true),
     ('severity', 'text', true), ('summary', 'text', true), ('runbook', 'text', true),
     ('repeat_after', 'interval', true), ('enabled', 'boolean', true),
     ('silenced_until', 'timestamp with time zone', false) $$,
  'columns of pipeline.alert_rules'
);
select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.alert_rules') $$,
  $$ values
     ('alert_rules_pkey', 'PRIMARY KEY (name)') $$,
  'keys of pipeline.alert_rules'
);
select set_eq(
  $$ select pg_temp.rules_of('pipeline.alert_rules') $$,
  array['name_is_snake_case', 'severity_is_known', 'texts_are_short', 'times_are_not_negative'],
  'rules of pipeline.alert_rules'
);

select set_eq(
  $$ select * from pg_temp.columns_of('pipeline.alerts') $$,
  $$ values
     ('id', 'bigint', true), ('rule', 'text', true), ('labels', 'jsonb', true),
     ('value', 'double precision', true), ('since', 'timestamp with time zone', true),
     ('fired_at', 'timestamp with time zone', false),
     ('told_at', 'timestamp with time zone', false),
     ('resolved_at', 'timestamp with time zone', false) $$,
  'columns of pipeline.alerts'
);
select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.alerts') $$,
  $$ values
     ('alerts_pkey', 'PRIMARY KEY (id)'),
     ('alerts_rule_fkey',
       'FOREIGN KEY (rule) REFERENCES pipeline.alert_rules(name) ON DELETE CASCADE') $$,
  'keys of pipeline.alerts'
);
select set_eq(
  $$ select pg_temp.rules_of('pipeline.alerts') $$,
  array['fired_is_after_since', 'only_what_fired_is_resolved', 'only_what_fired_is_told'],
  'rules of pipeline.alerts'
);

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
  $$ select * from pg_temp.columns_of('pipeline.system_metrics') $$,
  $$ values
     ('name', 'text', true), ('at', 'timestamp with time zone', true), ('labels', 'jsonb', true),
     ('value', 'double precision', true) $$,
  'columns of pipeline.system_metrics'
);
select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.system_metrics') $$,
  $$ values
     ('system_metrics_pkey', 'PRIMARY KEY (name, at, labels)') $$,
  'keys of pipeline.system_metrics'
);
select is_empty(
  $$ select pg_temp.rules_of('pipeline.system_metrics') $$,
  'no rule on pipeline.system_metrics but its keys'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.contacts') $$,
  $$ values
     ('id', 'bigint', true), ('user_id', 'uuid', true), ('contact_type', 'text', true),
     ('address', 'text', true), ('topics', 'text[]', true), ('enabled', 'boolean', true),
     ('signing_secret', 'text', true), ('created_at', 'timestamp with time zone', true) $$,
  'columns of public.contacts'
);
select set_eq(
  $$ select * from pg_temp.keys_of('public.contacts') $$,
  $$ values
     ('contacts_pkey', 'PRIMARY KEY (id)'),
     ('contacts_user_id_address_key', 'UNIQUE (user_id, contact_type, address)'),
     ('contacts_user_id_fkey',
       'FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE') $$,
  'keys of public.contacts'
);
select set_eq(
  $$ select pg_temp.rules_of('public.contacts') $$,
  array['address_fits_its_type', 'contact_type_is_known', 'topics_are_known'],
  'rules of public.contacts'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.message_queue') $$,
  $$ values
     ('id', 'bigint', true), ('contact_id', 'bigint', true), ('user_id', 'uuid', true),
     ('topic', 'text', true), ('contact_type', 'text', true), ('priority', 'text', true),
     ('message_key', 'text', true), ('subject', 'text', true), ('body', 'text', true),
     ('payload', 'jsonb', true), ('correlation_id', 'uuid', true),
     ('status', 'stage_status', true), ('attempts', 'integer', true),
     ('error_code', 'text', false), ('last_error', 'text', false),
     ('created_at', 'timestamp with time zone', true),
     ('updated_at', 'timestamp with time zone', true) $$,
  'columns of public.message_queue'
);
select set_eq(
  $$ select * from pg_temp.keys_of('public.message_queue') $$,
  $$ values
     ('message_queue_contact_id_fkey',
       'FOREIGN KEY (contact_id) REFERENCES public.contacts(id) ON DELETE CASCADE'),
     ('message_queue_contact_id_message_key_key', 'UNIQUE (contact_id, message_key)'),
     ('message_queue_pkey', 'PRIMARY KEY (id)') $$,
  'keys of public.message_queue'
);
select set_eq(
  $$ select pg_temp.rules_of('public.message_queue') $$,
  array['a_failed_message_says_why', 'priority_is_known', 'status_is_known', 'texts_are_bounded'],
  'rules of public.message_queue'
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
