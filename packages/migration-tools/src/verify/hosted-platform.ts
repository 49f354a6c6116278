import type pg from "pg";
import { readMigrations } from "../rollback/test-migrations.ts";

/**
 * What a hosted project (or the Docker stack) has before its first migration and the embedded stack
 * has not: more roles, another owner of `public`, default privileges of several ages, other
 * extensions' schemas, an event trigger, a publication, and what the dashboard leaves behind.
 */
const platform = `
  create role dashboard_user createdb createrole replication;
  create role supabase_etl_admin login replication;
  create role supabase_read_only_user login bypassrls;
  create role pgbouncer login;
  grant service_role to supabase_etl_admin;
  alter role postgres set search_path to "\\$user", public, extensions;
  alter role anon set statement_timeout = '5s';
  alter role authenticator set session_preload_libraries = 'safeupdate';

  alter schema public owner to pg_database_owner;
  grant usage on schema public to postgres;
  grant all on schema public to postgres, dashboard_user;

  alter default privileges for role postgres in schema public
    grant all on tables to postgres, anon, authenticated, service_role;
  alter default privileges for role postgres in schema public
    grant all on functions to postgres, anon, authenticated, service_role;
  alter default privileges for role postgres in schema public
    grant all on sequences to postgres, anon, authenticated, service_role;
  alter default privileges for role supabase_admin in schema public
    grant all on tables to postgres, anon, authenticated, service_role;
  alter default privileges for role postgres in schema public
    grant select on tables to supabase_read_only_user;
  alter default privileges for role postgres in schema public
    revoke select, insert, update, delete on tables from anon;

  create schema graphql_public;
  grant usage on schema graphql_public to anon, authenticated, service_role;
  create function extensions.pgrst_ddl_watch() returns event_trigger language plpgsql as
    $$ begin notify pgrst, 'reload schema'; end $$;
  create event trigger pgrst_ddl_watch on ddl_command_end
    execute function extensions.pgrst_ddl_watch();
  create function public.rls_auto_enable() returns event_trigger language plpgsql
    security definer set search_path = pg_catalog as $$ begin end $$;
  create event trigger ensure_rls on ddl_command_end when tag in ('CREATE TABLE')
    execute function public.rls_auto_enable();
  create function storage.of_the_platform() returns trigger language plpgsql as
    $$ begin return new; end $$;
  create trigger of_the_platform before delete on storage.objects
    for each row execute function storage.of_the_platform();
  create extension citext with schema extensions;
  create extension pg_trgm with schema public;

  insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true);
`;

/**
 * Takes a migrated database back to before its migrations, makes it as hosted, and migrates it again.
 * @param client as superuser; the migrations run as role postgres
 */
export async function migrateAsHosted(client: pg.Client): Promise<void> {
  await client.query("set role postgres");
  const migrations = await readMigrations();
  for (const { undo } of migrations.toReversed()) await client.query(undo.sql);
  await client.query("reset role");
  await client.query(platform);
  await client.query("set role postgres");
  for (const { sql } of migrations) await client.query(sql);
  await client.query("select cron.schedule('nightly-report', '0 3 * * *', 'select 1')");
  await client.query("reset role");
}
