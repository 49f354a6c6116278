import { describe, expect, test } from "vitest";
import { lint } from "./lint.ts";
import type { Project } from "./rule.ts";
import { rules } from "./rules.ts";
import { readSource } from "./source/read-source.ts";

interface Example {
  /** The migration, or the rollback where the rule is about those alone. */
  sql: string;
  /** Statements of an earlier migration; of the one that is undone where `sql` is its rollback. */
  given?: string;
  /** For rules about files: a name other than the usual one. */
  name?: string;
  /** The migration has no rollback. */
  hasNoUndo?: true;
}

const usual = "20261101090100_topic.sql";
const sqlFunction = (rest: string) => `create function a.f() returns int language sql ${rest}`;
const plpgsql = (body: string) =>
  `create function a.f(t text) returns void language plpgsql as $$\nbegin\n  ${body}\nend\n$$;`;
const replaceable =
  "create view a.v as select 1 as one;\ncreate trigger t before insert on a.b execute function a.f();\ncreate function a.f() returns int language sql as 'select 1';";

/** By rule, what somebody might write; the finding has to be at `¦`. */
const bad: Record<string, (string | Example)[]> = {
  "file-name": [
    { name: "add_notes.sql", sql: "¦select pipeline.f();" },
    { name: "20261301090000_notes.sql", sql: "¦select pipeline.f();" },
    { name: "20261101090000-Notes.sql", sql: "¦select pipeline.f();" },
  ],
  "unique-version": [
    { name: "20261101090000_notes.sql", given: "create schema a;", sql: "¦create schema b;" },
  ],
  "has-rollback": [{ sql: "¦create schema a;", hasNoUndo: true }],
  "no-stray-rollback": ["¦drop schema a;"],
  "header-comment": ["¦create schema a;\n-- Late."],
  "makes-a-change": [
    "¦-- Creates the notes.\n/* create table public.notes (id bigint); */",
    "¦select 1;\nset search_path = '';",
  ],
  layout: [
    `-- ${"x".repeat(97)}¦yz\ncreate schema a;`,
    "create table public.notes (\n¦\tid bigint\n);",
    "create schema a;¦ \n",
  ],
  lowercase: [
    "¦CREATE schema a;",
    "create table public.notes (¦userId uuid);",
    sqlFunction("as $$\n  ¦SELECT 1\n$$;"),
    "create tabel public.A (id int);\n¦DROP TABLE public.b;",
  ],
  "schema-qualified": [
    "create table ¦notes (id int);",
    "¦create function f() returns int language sql as $$ select 1 $$;",
    sqlFunction("as $$\n  select id from ¦notes\n$$;"),
    plpgsql("delete from ¦notes;"),
    "¦drop table notes;",
  ],
  syntax: [
    "create ¦tabel public.notes (id bigint);",
    "create table public.a (id int);\n¦IF NOT EXISTS (select 1 from pg_tables) THEN\n  create table public.b (id int);\nEND IF;",
    "create table public.a (id int);\n¦EXCEPTION WHEN OTHERS THEN null;",
    "declare v_count ¦int;",
    plpgsql("insert into a.b ¦valeus (1);"),
    sqlFunction("as $$\n  select from ¦where\n$$;"),
    "create schema a;\ncomment on schema a is 'It'¦s open;",
    "create function a.f() returns void language plpgsql as $$\n¦begin\n  if true the\n    null;\n  end if;\nend\n$$;",
  ],
  "no-do-block": ["create schema a;\n¦do $$ begin create table a.b (id int); end $$;"],
  "no-exception-handler": [
    "do $$\nbegin\n  create table a.b (id int);\n¦exception when others then\n  null;\nend\n$$;",
    plpgsql(
      "begin\n    perform a.g();\n  ¦exception when unique_violation then\n    return;\n  end;",
    ),
  ],
  "no-dynamic-sql": [
    plpgsql("¦execute 'create unique index on storage.objects (bucket_id, name, owner)';"),
    plpgsql("for r in ¦execute format('select * from %s', t) loop null; end loop;").replace(
      "begin",
      "declare\n  r record;\nbegin",
    ),
    plpgsql("¦execute format('delete from a.%I ', t) || t;"),
    plpgsql("¦execute format('delete from a.%I ' || t, t);"),
    plpgsql("¦execute format('delete from a.%1$I where %2$s', t, t);"),
    plpgsql("return query ¦execute t;").replace("void", "setof int"),
  ],
  "no-conditional-ddl": [
    'create schema a;\n¦drop policy if exists "owners" on public.notes;',
    "¦drop table if exists public.notes;",
    "¦create table if not exists public.notes (id bigint);",
    "¦create index if not exists i on public.notes (id);",
    "¦alter table public.notes add column if not exists a int;",
    "¦create schema if not exists a;",
    "¦create or replace view a.v as select 1 as one;",
    "¦create or replace function a.f() returns int language sql as $$ select 1 $$;",
    {
      given: "create trigger t before insert on a.c execute function a.f();",
      sql: "¦create or replace trigger t after insert on a.b execute function a.f();",
    },
  ],
  "no-cascade": [
    "create schema a;\n¦drop type public.contact_type cascade;",
    "¦alter table public.notes drop column a cascade;",
  ],
  "conflict-named": [
    "insert into public.jobs (id) values (1) ¦on conflict do nothing;",
    plpgsql("insert into public.jobs (id) values (1)\n  ¦on conflict do nothing;"),
  ],
  "named-constraints": [
    "create table public.notes (id int, ¦check (id > 0));",
    "create table public.notes (id int ¦check (id > 0));",
    "create table public.notes (id int ¦unique);",
    "alter table public.notes add ¦check (id > 0);",
  ],
  "delete-has-reason": [
    "¦delete from public.notes where id < 9;",
    "-- Old ones.\n¦truncate public.a, pipeline.b;",
  ],
  "not-on-platform-schemas": [
    "¦create unique index i on storage.objects (bucket_id, name, owner);",
    "¦alter table storage.objects add column size int;",
    "¦alter table storage.objects enable row level security;",
    "¦create trigger t after insert on auth.users for each row execute function public.f();",
    "¦create table auth.profiles (id uuid);",
    "¦create function extensions.f() returns int language sql as $$ select 1 $$;",
    "¦insert into auth.users (id) values (gen_random_uuid());",
    "¦delete from storage.objects;",
    "¦drop table storage.objects;",
    "¦drop schema auth;",
    "¦comment on column storage.objects.name is 'x';",
    "¦grant select on table auth.users to authenticated;",
    plpgsql("¦create index i on storage.objects (name);"),
    "¦drop publication supabase_realtime;",
    "¦create policy p on auth.users for select to authenticated using (true);",
  ],
  "function-volatility": [`¦${sqlFunction("as $$ select 1 $$;")}`],
  "function-security": [`¦${sqlFunction("as $$ select 1 $$;")}`],
  "definer-has-reason": [
    `¦${sqlFunction("security definer as $$ select 1 $$;")}`,
    "¦create function a.f() returns int\n-- Fast.\nlanguage sql security definer as $$ select 1 $$;",
    "¦alter function a.f() security definer;",
  ],
  "function-length": [`¦${sqlFunction(`as $$${"\nselect 1;".repeat(61)}$$;`)}`],
};

/** What is right, and near to what is wrong. */
const good: Record<string, (string | Example)[]> = {
  "file-name": [{ name: "20261101090000_notes.sql", sql: "select pipeline.f();" }],
  "no-stray-rollback": [{ given: "create schema a;", sql: "drop schema a;" }],
  "makes-a-change": ["create schema a;", "select pipeline.install_schedule();"],
  layout: [`-- ${"x".repeat(97)}\ncreate schema a;`],
  lowercase: [
    "-- IN CAPITALS\ncreate policy \"Owners read\" on a.b using (c ~ 'ABC');",
    "select X'1F', E'A', 1E5, a.f();",
    "CREATE TABEL public.a (id int);",
  ],
  "schema-qualified": [
    sqlFunction(
      "as $$\n  with n as (select now()) select 1 from n join public.notes as o on true\n$$;",
    ),
    `create trigger t after insert on a.b referencing new table as rows for each statement execute function a.f();\n${plpgsql("perform 1 from rows;")}`,
  ],
  syntax: [
    plpgsql("if true then\n    null;\n  end if;"),
    "create function a.f(x int) returns int begin atomic; select case when x > 1 then 1 end; end;",
  ],
  "no-exception-handler": [plpgsql("raise exception 'no';")],
  "no-dynamic-sql": [
    "create trigger t before insert on a.b for each row execute function a.f();",
    plpgsql(
      "execute format('update a.%1$I as x set b = %2$L, c = ''5%%'' where x.d = $1', t || '_items', t) using t;",
    ),
    plpgsql("return query execute format('select i.id from a.%I as i', t);").replace(
      "void",
      "setof int",
    ),
  ],
  "no-conditional-ddl": [
    {
      given: replaceable,
      sql: replaceable.replaceAll("create", "create or replace"),
    },
    "create extension if not exists pg_net with schema extensions;",
  ],
  "no-cascade": ["drop table public.notes;"],
  "conflict-named": ["insert into public.jobs (id) values (1) on conflict (id) do nothing;"],
  "named-constraints": [
    "create table public.notes (id int primary key, constraint id_is_positive check (id > 0), constraint notes_id_key unique (id));",
  ],
  "delete-has-reason": [
    "-- Deletes: notes without a body, which nobody can read.\ndelete from public.notes where body = '';",
    "delete from cron.job_run_details where runid < 9;",
    sqlFunction("as $$ delete from public.notes $$;"),
  ],
  "not-on-platform-schemas": [
    "create policy p on storage.objects for select to authenticated using (bucket_id = 'raw');",
    "drop policy p on storage.objects;",
    "insert into storage.buckets (id, name) values ('raw', 'raw') on conflict (id) do nothing;",
    "create table public.a (user_id uuid references auth.users (id));",
    "alter publication supabase_realtime add table public.a;",
    plpgsql("delete from cron.job_run_details;"),
  ],
  "function-volatility": [sqlFunction("stable as $$ select 1 $$;")],
  "function-security": [sqlFunction("security invoker as $$ select 1 $$;")],
  "definer-has-reason": [
    "alter function a.f() security invoker;",
    "-- Definer: users may not use schema a.\nalter function a.f() security definer;",
    "create function a.f() returns int\n-- Definer: users may not use schema a.\nlanguage sql security definer as $$ select 1 $$;",
    `-- Counts.\n-- Definer: users may not use schema a.\n${sqlFunction("security definer as $$ select 1 $$;")}`,
  ],
  "function-length": [sqlFunction(`as $$\n${"select 1;\n".repeat(60)}$$;`)],
};

/** What a rule finds in an example, as the project that it would stand in. */
function findingsIn(id: string, example: string | Example) {
  const { sql, given, name = usual, hasNoUndo } = asExample(example);
  const chosen = rules.filter((rule) => rule.id === id);
  const isUndo = chosen[0]?.covers === "rollbacks";
  const file = readSource(name, sql.replace("¦", ""), isUndo ? "rollback" : "migration");
  const givenName = isUndo ? name : "20261101090000_given.sql";
  const before = given === undefined ? [] : [readSource(givenName, given)];
  const undo = hasNoUndo || isUndo ? [] : [readSource(name, "-- Undoes it.\n", "rollback")];
  const project: Project = isUndo
    ? { migrations: before, rollbacks: [file] }
    : { migrations: [...before, file], rollbacks: undo };
  return lint(project, chosen).filter((found) => found.file === name);
}

function asExample(example: string | Example): Example {
  return typeof example === "string" ? { sql: example } : example;
}

test("each rule has something that it finds", () => {
  expect(Object.keys(bad).sort()).toEqual(rules.map(({ id }) => id).sort());
});

describe.each(Object.keys(bad))("%s", (id) => {
  test.each(bad[id] ?? [])("finds %j", (example) => {
    const before = asExample(example).sql.split("¦")[0] ?? "";
    const line = before.split("\n").length;
    const column = before.length - before.lastIndexOf("\n");

    expect(findingsIn(id, example)[0]).toMatchObject({ line, column });
  });

  test.each(good[id] ?? [])("lets pass %j", (example) => {
    expect(findingsIn(id, example)).toEqual([]);
  });
});

test.each([
  ["IF NOT EXISTS (SELECT 1) THEN\n  CREATE TABLE a ();\nEND IF;", "IF stands outside PL/pgSQL"],
  ["EXCEPTION WHEN OTHERS THEN null;", "EXCEPTION stands outside PL/pgSQL"],
])("what is procedural outside of a function is told as such: %j", (sql, words) => {
  const [found, ...others] = findingsIn("syntax", sql);

  expect(found?.problem).toContain(words);
  expect(others).toEqual([]);
});
