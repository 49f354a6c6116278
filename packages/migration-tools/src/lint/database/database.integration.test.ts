/** Each rule about the database finds what somebody might do, and lets pass what is right. */
import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { testProject } from "../../test-project.ts";
import type { Finding } from "../finding.ts";
import { readProject } from "../read-project.ts";
import { readSource } from "../source/read-source.ts";
import { advisors } from "./advisors.ts";
import { askDatabase } from "./ask-database.ts";
import { databaseRules } from "./rules.ts";

const notes = `create table public.notes (
  id int primary key, user_id uuid references auth.users (id), state text
);
comment on table public.notes is 'Notes.';
comment on column public.notes.id is 'Identity.';
comment on column public.notes.user_id is 'Owner.';
comment on column public.notes.state is 'State.';
create index notes_user_id_idx on public.notes (user_id);
alter table public.notes enable row level security;
`;
const parts = `create table public.parts (note_id int primary key references public.notes (id));
comment on table public.parts is 'Parts.';
comment on column public.parts.note_id is 'The whole.';
alter table public.parts enable row level security;
`;
const grant = "grant select on public.notes to authenticated;\n";
const policy = (condition: string, table = "notes") =>
  `create policy p on public.${table} for select to authenticated using (${condition});
   grant select on public.${table} to authenticated;`;
const owner = "user_id = (select auth.uid())";
const plpgsql = (body: string) =>
  `create function public.f() returns trigger language plpgsql set search_path = '' as $$
   begin ${body} return new; end $$;`;
const enqueue = (target: string) =>
  plpgsql(`insert into public.notes (id) values (new.id) on conflict ${target} do nothing;`);
const sqlFunction = (rest: string) => `create function public.f() returns int language sql ${rest}`;
const view = (option: string) => `create view public.v ${option} as select 1 as one;
comment on view public.v is 'One.'; comment on column public.v.one is 'One.';`;

/** By rule, what somebody might write, and the beginning of what is said of it. */
const bad: Record<string, [sql: string, problem: string][]> = {
  commented: [
    ["create table public.t ()", "The table public.t has"],
    ["alter table public.coach_voices add column more text", "The column public.coach_voices.more"],
    [view("with (security_invoker)").replace(/comment on view.*/, ""), "The view public.v has"],
  ],
  "row-security": [
    [`${notes}alter table public.notes disable row level security`, "The table public.notes"],
    ["alter table pipeline.stages disable row level security", "The table pipeline.stages"],
  ],
  "grants-match-policies": [
    [notes + grant, "The table public.notes lets authenticated select and has no policy"],
    [
      `${notes}${policy(owner)}grant delete on public.notes to authenticated`,
      "The table public.notes lets authenticated delete",
    ],
    [
      `${notes}${policy(owner)}revoke select on public.notes from authenticated`,
      "The table public.notes has a policy for authenticated to select and no grant",
    ],
    [
      `${notes}${policy(owner)}grant insert (id) on public.notes to anon`,
      "The table public.notes lets anon insert",
    ],
  ],
  "granted-by-name": [
    [
      "grant select on public.coach_voices to public",
      "The grant table public.coach_voices to public",
    ],
    [sqlFunction("return 1"), "The grant function public.f() to public is for everybody"],
    [
      "grant select on public.coach_voices to authenticated with grant option",
      "The grant table public.coach_voices to authenticated may be passed on",
    ],
    [
      "alter default privileges in schema public grant select on tables to authenticated",
      "The default privileges tables made by postgres in public to authenticated decide",
    ],
  ],
  "anon-has-reason": [
    ["grant select on public.coach_voices to anon", "The grant table public.coach_voices to anon"],
    [
      "-- Anon: the voices.\ngrant select on public.coach_voices to anon;\ngrant update (name) on public.coach_voices to anon",
      "The grant column public.coach_voices.name to anon",
    ],
  ],
  "policy-for-role": [
    [
      `${notes}create policy p on public.notes for select using (${owner})`,
      "The policy p on public",
    ],
    [
      'alter policy "users read the voices" on public.coach_voices to public, authenticated',
      'The policy "users read the voices" on public.coach_voices is for every role',
    ],
  ],
  "policy-names-owner": [
    [
      "create policy p on storage.objects for select to authenticated using (bucket_id = 'raw')",
      "The policy p on storage.objects lets",
    ],
    [
      `${notes}${policy(`${owner} or true`)}`,
      "The policy p on public.notes lets users at rows of other owners",
    ],
    [notes + policy("true"), "The policy p on public.notes"],
    [notes + policy("(select auth.uid()) is not null"), "The policy p on public.notes"],
    [notes + policy("(select auth.uid()) = (select auth.uid())"), "The policy p on public.notes"],
    [notes + parts + policy("note_id > 0", "parts"), "The policy p on public.parts"],
    [
      `${notes}grant update on public.notes to authenticated;
       create policy p on public.notes for update to authenticated using (${owner}) with check (true)`,
      "The policy p on public.notes",
    ],
    [
      `${notes}${policy(owner)}alter policy p on public.notes using (true)`,
      "The policy p on public.notes",
    ],
  ],
  "policy-columns-indexed": [
    [
      `${notes}${policy(owner)}drop index public.notes_user_id_idx`,
      "The policy p on public.notes looks at public.notes.user_id, with which no index begins",
    ],
    [
      `${notes}${parts}alter table public.parts drop constraint parts_pkey;
       ${policy(`exists (select 1 from public.notes as n where n.id = note_id and n.${owner})`, "parts")}`,
      "The policy p on public.parts looks at public.parts.note_id",
    ],
  ],
  "view-runs-as-caller": [
    [view(""), "The view public.v"],
    [view("with (security_invoker = false)"), "The view public.v"],
  ],
  "function-search-path": [
    [sqlFunction("as $$ select 1 $$"), "The function public.f()"],
    [sqlFunction("set search_path = public as $$ select 1 $$"), "The function public.f()"],
    [sqlFunction("set search_path = public return 1"), "The function public.f()"],
    ["alter function pipeline.sweep() reset all", "The function pipeline.sweep()"],
  ],
  "bucket-private": [
    ["update storage.buckets set public = true where id = 'raw'", "The bucket raw can be read"],
  ],
  "bodies-resolve": [
    [notes + enqueue("(user_id)"), "The function public.f() says on conflict (user_id)"],
    [notes + enqueue("(id, state)"), "The function public.f() says on conflict (id, state)"],
    [
      `${notes}create unique index i on public.notes (state) where user_id is null;${enqueue("(state)")}`,
      "The function public.f() says on conflict (state)",
    ],
    [notes + enqueue("on constraint notes_key"), "The function public.f() says on conflict"],
    [
      `${notes}${enqueue("(id)")}alter table public.notes drop constraint notes_pkey`,
      "The function public.f() says on conflict (id)",
    ],
    [
      `${notes}${sqlFunction("set search_path = '' as $$ insert into public.notes (id) values (1) on conflict (state) do nothing returning 1 $$")}`,
      "The function public.f() says on conflict (state)",
    ],
    [
      plpgsql("perform public.g();"),
      "The function public.f() names public.g(), which is not there",
    ],
    [
      plpgsql("perform retry_analysis(1);"),
      "The function public.f() names pg_catalog.retry_analysis()",
    ],
    [plpgsql("delete from public.gone;"), "The function public.f() names public.gone"],
    [
      `${notes}${plpgsql("insert into public.notes (titel) values ('x');")}`,
      "The function public.f() names public.notes.titel",
    ],
    [plpgsql("perform null::pipeline.gone;"), "The function public.f() names pipeline.gone"],
    ["alter function pipeline.now() rename to moment", "The function"],
  ],
};

/** What is right, and near to what is wrong. */
const good: Record<string, string[]> = {
  "grants-match-policies": [
    notes + policy(owner),
    `${notes}create policy p on public.notes for all to authenticated using (${owner});${grant}`,
    `${notes}grant delete on public.notes to service_role`,
  ],
  "granted-by-name": [
    `${sqlFunction("return 1")};revoke all on function public.f() from public`,
    notes + grant,
  ],
  "anon-has-reason": [
    "-- Anon: the voices are shown before sign-in.\ngrant select on public.coach_voices to anon",
  ],
  "policy-for-role": [notes + policy(owner)],
  "policy-names-owner": [
    `${notes}${policy(`id > 0 and (select auth.uid()) = user_id`)}`,
    notes + policy("false"),
    notes + policy(`false or ${owner}`),
    `${notes}create policy p on public.notes as restrictive for select to authenticated using (id > 0)`,
    `${notes}create policy p on public.notes for all to service_role using (true)`,
    `${notes}${parts}${policy(`exists (select 1 from public.notes as n where n.id = note_id and n.${owner}) or note_id in (select n.id from public.notes as n where n.${owner})`, "parts")}`,
    `create table public.voices (id int);create policy p on public.voices for select to authenticated using (true)`,
    `${notes}-- Open: notes are published when they are written.\n${policy("true")}`,
  ],
  "policy-columns-indexed": [
    `${notes}${policy(`${owner} and state = 'open'`)}`,
    "create policy p on storage.objects for select to authenticated using (bucket_id = 'raw')",
  ],
  "row-security": [
    `-- Open: the notes are published.\n${notes}alter table public.notes disable row level security`,
  ],
  "view-runs-as-caller": [view("with (security_invoker = on)")],
  "function-search-path": [
    sqlFunction("return 1"),
    sqlFunction("set search_path = '' as $$ select 1 $$"),
  ],
  "bucket-private": [
    "-- Open: pictures are shown to everybody.\nupdate storage.buckets set public = true where id = 'raw'",
  ],
  "bodies-resolve": [
    notes + enqueue("(id)"),
    notes + enqueue("on constraint notes_pkey"),
    `${notes}create unique index i on public.notes (state) where user_id is null;${enqueue("(state) where user_id is null")}`,
    plpgsql("with a as (select 1 as id) select id from a; perform pg_catalog.now(), now();"),
  ],
};

const { migrations } = readProject(testProject.directory);
let clone: ClonedDatabase;
let client: pg.Client;

beforeAll(async () => {
  clone = await cloneDatabase(inject("stack"));
  client = await clone.client("postgres");
});

afterAll(() => clone?.drop());

/** What is found once somebody has run some statements; they are taken back. */
async function findingsAfter(sql: string, rule: string): Promise<Finding[]> {
  await client.query("begin");
  try {
    await client.query(sql);
    const rules = databaseRules.filter(({ id }) => id === rule);
    const files = [...migrations, readSource("a.sql", sql)];
    return await askDatabase(client, testProject.schemas, files, rules);
  } finally {
    await client.query("rollback");
  }
}

test("each rule has something that it finds", () => {
  expect(Object.keys(bad).sort()).toEqual(databaseRules.map(({ id }) => id).sort());
});

describe.each(Object.keys(bad))("%s", (rule) => {
  test.each(bad[rule] ?? [])("finds %s", async (sql, problem) => {
    const [found] = await findingsAfter(sql, rule);

    expect(found?.problem.slice(0, problem.length)).toBe(problem);
  });

  test.each(good[rule] ?? [])("lets pass %s", async (sql) => {
    expect(await findingsAfter(sql, rule)).toEqual([]);
  });
});

test("a finding leads to the statement that makes the object", async () => {
  const [found] = await findingsAfter(`${notes}\n${policy("true")}`, "policy-names-owner");

  expect(found).toMatchObject({ file: "a.sql", line: 11, column: 1 });
  const [right] = await findingsAfter(`\n${sqlFunction("return 1")}`, "granted-by-name");
  expect(right).toMatchObject({ file: "a.sql", line: 2, column: 1 });
});

test("a platform without Storage is asked all the same", async () => {
  const admin = await clone.client("admin");
  await admin.query("begin; drop schema storage cascade");

  const found = await askDatabase(admin, testProject.schemas, migrations);
  await admin.query("rollback");

  expect(new Set(found.map(({ rule }) => rule))).toEqual(new Set(["bodies-resolve"]));
});

test("Supabase's advisors are heard", async () => {
  await using own = await cloneDatabase(inject("stack"));
  const owned = await own.client("postgres");
  await owned.query(
    `${notes}drop index public.notes_user_id_idx;${policy("user_id = auth.uid()")}`,
  );

  const found = await advisors(testProject, own.url, [readSource("a.sql", notes)]);

  expect(found?.map(({ rule, file, line }) => `${rule} ${file}:${line}`).sort()).toEqual([
    "advisors/auth_rls_initplan a.sql:1",
    "advisors/unindexed_foreign_keys a.sql:1",
  ]);
});
