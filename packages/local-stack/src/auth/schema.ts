import { getAuthSchemaSql } from "@supabase/lite";

const tables = [
  "users",
  "sessions",
  "refresh_tokens",
  "identities",
  "flow_state",
  "audit_log_entries",
];

/**
 * Everything the Auth service expects in schema `auth`, as one script that may run again. To be run
 * by `supabase_admin` after the roles exist and before the first migration. Nothing in the gateway
 * creates or alters these objects.
 */
export function authSchemaSql(): string {
  return [
    getAuthSchemaSql(false),
    hostedColumns,
    requestFunctions,
    ...tables.map((table) => `alter table auth.${table} enable row level security;`),
    grants,
  ].join("\n");
}

/** Columns that hosted projects have and seeds or migrations written for them name. */
const hostedColumns = `
alter table auth.users
  add column if not exists instance_id uuid,
  add column if not exists is_super_admin boolean;
`;

/** The service's own versions read one of the two claim settings only; hosted ones read both. */
const requestFunctions = `
create or replace function auth.uid() returns uuid language sql stable set search_path = '' as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  )::uuid
$$;

create or replace function auth.role() returns text language sql stable set search_path = '' as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
  )
$$;

create or replace function auth.email() returns text language sql stable set search_path = '' as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
  )
$$;

create or replace function auth.jwt() returns jsonb language sql stable set search_path = '' as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')
  )::jsonb
$$;
`;

const grants = `
grant usage on schema auth to anon, authenticated, service_role, postgres;
grant all on all tables in schema auth to postgres;
grant all on all sequences in schema auth to postgres;
grant execute on function auth.uid(), auth.role(), auth.email(), auth.jwt()
  to anon, authenticated, service_role, postgres;
`;
