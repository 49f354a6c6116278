import type { Drift } from "./planted-drifts.ts";

/** What opens the data from outside of our schemas. */
export const accessDrifts: Drift[] = [
  {
    title: "triggers on users and stored objects that run a function of some other schema",
    asSuperuser: true,
    statements: [
      "create schema hooks",
      `create function hooks.copy() returns trigger language plpgsql as
       $$ begin return new; end $$`,
      `create trigger copy after insert on auth.users
       for each row execute function hooks.copy()`,
      `create trigger copy before insert on storage.objects
       for each row execute function hooks.copy()`,
    ],
    found: ["unexpected trigger copy on auth.users", "unexpected trigger copy on storage.objects"],
  },
  {
    title: "a search_path of the database, of API roles and of postgres",
    asSuperuser: true,
    statements: [
      `do $$ begin
         execute format('alter database %I set search_path = hooks, public', current_database());
       end $$`,
      "alter role authenticated set search_path = hooks",
      "alter role postgres set search_path = hooks, public",
    ],
    found: [
      "unexpected search_path database",
      "unexpected search_path role authenticated",
      "unexpected search_path role postgres",
    ],
    lines: [["", "hooks, public"]],
  },
  {
    title: "API roles that may do more",
    asSuperuser: true,
    statements: [
      "alter role anon login createdb",
      "alter role authenticated createrole bypassrls",
      "alter role service_role superuser",
    ],
    found: ["changed role anon", "changed role authenticated", "changed role service_role"],
    lines: [
      ["obeys", "may log in\nmay create databases"],
      ["obeys", "bypasses row level security\nmay create roles"],
      ["", "superuser"],
    ],
  },
  {
    title: "another role that may act as service_role",
    asSuperuser: true,
    statements: ["create role verify_reporting login", "grant service_role to verify_reporting"],
    found: ["changed role service_role"],
    lines: [["", "members: verify_reporting"]],
  },
  {
    title: "a policy that opens private channels",
    asSuperuser: true,
    statements: [
      `create policy "everyone listens" on realtime.messages for select to anon using (true)`,
    ],
    found: [`unexpected policy "everyone listens" on realtime.messages`],
  },
  {
    title: "private channels without row level security",
    asSuperuser: true,
    statements: ["alter table realtime.messages disable row level security"],
    found: ["unexpected table realtime.messages"],
  },
  {
    title: "a job of somebody's that reaches into public",
    statements: [`select cron.schedule('tidy', '0 4 * * *', 'delete from public.analysis_jobs')`],
    found: ["unexpected cron job tidy"],
  },
  {
    title: "secrets that users may read",
    asSuperuser: true,
    statements: [
      "grant select on vault.decrypted_secrets to anon",
      "grant select (decrypted_secret) on vault.decrypted_secrets to authenticated",
    ],
    found: [
      "unexpected grant view vault.decrypted_secrets to anon",
      "unexpected grant view vault.decrypted_secrets to authenticated",
    ],
  },
];
