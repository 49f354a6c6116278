-- The roles of a hosted project. Run by supabase_admin, the superuser that owns the cluster, at the
-- first start and again whenever a file of this folder changes: every statement may run twice.
-- Passwords are set by the stack.

do $$
declare
  v_role record;
begin
  for v_role in
    select * from (values
      ('postgres',               'login createrole createdb bypassrls replication'),
      ('anon',                   'nologin noinherit'),
      ('authenticated',          'nologin noinherit'),
      ('service_role',           'nologin noinherit bypassrls'),
      ('authenticator',          'login noinherit'),
      ('supabase_auth_admin',    'nologin noinherit createrole'),
      ('supabase_storage_admin', 'nologin noinherit createrole')
    ) as wanted (name, attributes)
  loop
    if not exists (select from pg_roles where rolname = v_role.name) then
      execute format('create role %I %s', v_role.name, v_role.attributes);
    end if;
  end loop;
end
$$;

grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to postgres with admin option;
-- Migrations give the Data API its settings: alter role authenticator set pgrst.…
grant authenticator to postgres with admin option;
grant pg_monitor, pg_read_all_data, pg_signal_backend, pg_create_subscription to postgres;
-- Policies on storage.objects are created by migrations, that is by postgres, and only a table's
-- owner may create them.
grant supabase_storage_admin to postgres with inherit true;

grant set on parameter
  pgrst.db_aggregates_enabled, pgrst.db_anon_role, pgrst.db_extra_search_path, pgrst.db_max_rows,
  pgrst.db_plan_enabled, pgrst.db_pre_request, pgrst.db_prepared_statements, pgrst.db_root_spec,
  pgrst.db_schemas, pgrst.db_tx_end, pgrst.db_hoisted_tx_settings, pgrst.jwt_secret,
  pgrst.jwt_role_claim_key, pgrst.openapi_mode, pgrst.server_timing_enabled
to postgres;
-- Backups are loaded without triggers and foreign keys.
grant set on parameter session_replication_role to postgres;

alter role postgres set search_path to "$user", public, extensions;
alter role supabase_admin set search_path to "$user", public, extensions;
alter role supabase_auth_admin set search_path to auth;
alter role supabase_storage_admin set search_path to storage;
-- Bounds for API callers; they hold where a role logs in or where the API applies them.
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
