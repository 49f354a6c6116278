-- Schemas outside the project's own, their owners, the extensions that every project starts with,
-- and the publication that Realtime follows.

alter database postgres owner to postgres;
alter schema public owner to postgres;
grant usage on schema public to anon, authenticated, service_role;

create schema if not exists extensions;
grant usage on schema extensions to anon, authenticated, service_role;
grant all on schema extensions to postgres with grant option;

create extension if not exists pgcrypto with schema extensions;
create extension if not exists "uuid-ossp" with schema extensions;
create extension if not exists pg_stat_statements with schema extensions;
create schema if not exists vault;
create extension if not exists supabase_vault with schema vault;
grant all on all functions in schema extensions to postgres with grant option;

create schema if not exists realtime;
grant usage on schema realtime to postgres, anon, authenticated, service_role;

-- The supabase CLI keeps its history here, as postgres.
create schema if not exists supabase_migrations authorization postgres;

do $$
begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
    alter publication supabase_realtime owner to postgres;
  end if;
end
$$;
