-- Each is a change by hand, and behind it what has to be said of it: --> the differences in order,
-- --- a piece of what was expected, --+ a piece of what is there.
-- These are the platform's superuser's.

-- foreign keys switched off
alter table public.analysis_metrics disable trigger all;
--> changed constraint analysis_metrics_analysis_job_id_fkey on public.analysis_metrics
--- FOREIGN KEY
--+ not enforced

-- a cron job paused
update cron.job set active = false where jobname = 'sideline-prune';
--> changed cron job sideline-prune

-- a table of Auth in the publication
alter publication supabase_realtime add table auth.users;
--> unexpected published table auth.users in supabase_realtime

-- a trigger on Auth's users that runs a function of ours
create trigger spy after insert on auth.users
  for each row execute function pipeline.touch_updated_at();
--> unexpected trigger spy on auth.users

-- a table of another owner
alter table pipeline.retries owner to supabase_admin;
--> missing grant table pipeline.retries to postgres
--> changed table pipeline.retries

-- an extension gone
drop extension pg_net cascade;
--> missing extension pg_net

-- a function of another owner
alter function pipeline.now() owner to supabase_admin;
--> changed function pipeline.now()
--- owner: postgres
--+ owner: supabase_admin
--> missing grant function pipeline.now() to postgres

-- a bucket gone
set local storage.allow_delete_query = 'true';
delete from storage.buckets where id = 'processed';
--> missing bucket processed

-- Storage without row level security
alter table storage.objects disable row level security;
--> changed table storage.objects

-- a publication of every table
create publication everything for all tables;
--> unexpected publication everything
--+ all tables

-- a publication of a schema of ours
create publication machine for tables in schema pipeline;
--> unexpected publication machine
--+ all tables of: pipeline

-- an API role that is a member of another
grant service_role to anon;
--> changed role anon
--- obeys row level security
--+ member of: service_role

-- an API role that bypasses every policy
alter role authenticated bypassrls;
--> changed role authenticated

-- a cron job that runs as somebody else
update cron.job set username = 'supabase_admin' where jobname = 'sideline-prune';
--> missing cron job sideline-prune
--> unexpected cron job sideline-prune of supabase_admin

-- triggers on users and stored objects that run a function of some other schema
create schema hooks;
create function hooks.copy() returns trigger language plpgsql as
  $$ begin return new; end $$;
create trigger copy after insert on auth.users
  for each row execute function hooks.copy();
create trigger copy before insert on storage.objects
  for each row execute function hooks.copy();
--> unexpected trigger copy on auth.users
--> unexpected trigger copy on storage.objects

-- a search_path of the database, of API roles and of postgres
do $$ begin
  execute format('alter database %I set search_path = hooks, public', current_database());
  end $$;
alter role authenticated set search_path = hooks;
alter role postgres set search_path = hooks, public;
--> unexpected search_path database
--+ hooks, public
--> unexpected search_path role authenticated
--> unexpected search_path role postgres

-- API roles that may do more
alter role anon login createdb;
alter role authenticated createrole bypassrls;
alter role service_role superuser;
--> changed role anon
--- obeys
--+ may log in
--+ may create databases
--> changed role authenticated
--- obeys
--+ bypasses row level security
--+ may create roles
--> changed role service_role
--+ superuser

-- another role that may act as service_role
create role verify_reporting login;
grant service_role to verify_reporting;
--> changed role service_role
--+ members: verify_reporting

-- a policy that opens private channels
create policy "everyone listens" on realtime.messages for select to anon using (true);
--> unexpected policy "everyone listens" on realtime.messages

-- private channels without row level security
alter table realtime.messages disable row level security;
--> unexpected table realtime.messages

-- secrets that users may read
grant select on vault.decrypted_secrets to anon;
grant select (decrypted_secret) on vault.decrypted_secrets to authenticated;
--> unexpected grant view vault.decrypted_secrets to anon
--> unexpected grant view vault.decrypted_secrets to authenticated
