-- The keys and rules of the ledger and its quotas, as schema/constraints.test.sql has those of the other tables.
begin;
select plan(6);

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
  $$ select * from pg_temp.keys_of('pipeline.provider_calls') $$,
  $$ values ('provider_calls_pkey', 'PRIMARY KEY (id)') $$,
  'keys of pipeline.provider_calls: none refers to what may be deleted'
);
select set_eq(
  $$ select pg_temp.rules_of('pipeline.provider_calls') $$,
  array[
    'amounts_are_not_negative', 'answer_is_bounded', 'attempt_is_positive', 'names_are_short',
    'request_hash_is_sha_256', 'texts_are_short'
  ],
  'rules of pipeline.provider_calls'
);

select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.provider_prices') $$,
  $$ values ('provider_prices_pkey', 'PRIMARY KEY (provider, model, valid_from)') $$,
  'keys of pipeline.provider_prices'
);
select set_eq(
  $$ select pg_temp.rules_of('pipeline.provider_prices') $$,
  array[
    'currency_is_a_code', 'model_is_not_blank', 'prices_are_not_negative', 'provider_is_not_blank'
  ],
  'rules of pipeline.provider_prices'
);

select set_eq(
  $$ select * from pg_temp.keys_of('pipeline.user_quotas') $$,
  $$ values
     ('user_quotas_pkey', 'PRIMARY KEY (user_id, stage)'),
     ('user_quotas_stage_fkey',
       'FOREIGN KEY (stage) REFERENCES pipeline.stages(stage) ON DELETE CASCADE'),
     ('user_quotas_user_id_fkey',
       'FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE') $$,
  'keys of pipeline.user_quotas'
);
select set_eq(
  $$ select pg_temp.rules_of('pipeline.user_quotas') $$,
  array[
    'a_quota_says_something', 'daily_attempts_are_not_negative', 'daily_spend_is_not_negative'
  ],
  'rules of pipeline.user_quotas'
);

select * from finish();
rollback;
