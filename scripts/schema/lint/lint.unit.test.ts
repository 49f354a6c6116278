import { expect, test } from "vitest";
import { lint } from "./lint.ts";
import { rules } from "./rules.ts";
import { readSource } from "./source/read-source.ts";

/** Migrations that people have lost days to; each is stopped, and told what to do instead. */
const mistakes: { name: string; sql: string; says: [rule: string, words: string][] }[] = [
  {
    name: "branches outside PL/pgSQL",
    sql: `IF NOT EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'ai_analyses') THEN
  CREATE TABLE ai_analyses (id bigint);
END IF;`,
    says: [["syntax", "IF stands outside PL/pgSQL"]],
  },
  {
    name: "an exception handler outside PL/pgSQL",
    sql: `create table public.ai_analyses (id bigint);
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'exists already';`,
    says: [["syntax", "EXCEPTION stands outside PL/pgSQL"]],
  },
  {
    name: "a do block that swallows every error",
    sql: `do $$
begin
  create table public.ai_analyses (id bigint);
exception when others then
  raise notice 'migration complete';
end
$$;`,
    says: [
      ["no-do-block", "hides plain DDL"],
      ["no-exception-handler", "hides a wrong state"],
    ],
  },
  {
    name: "policies dropped before their table is there",
    sql: `DROP POLICY IF EXISTS "Users read" ON ai_analyses;
DROP TABLE IF EXISTS ai_analyses;
CREATE TABLE ai_analyses (id bigint);`,
    says: [
      ["no-conditional-ddl", "A condition hides"],
      ["made-before-use", "no table public.ai_analyses here yet"],
      ["schema-qualified", "ai_analyses is named without its schema"],
    ],
  },
  {
    name: "on conflict without the unique constraint it needs",
    sql: `create table public.analysis_jobs (id bigint primary key, video_recording_id bigint);
create function public.enqueue() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  insert into public.analysis_jobs (video_recording_id) values (new.id)
  on conflict (video_recording_id) do nothing;
  return new;
end
$$;`,
    says: [
      ["on-conflict-covered", "no unique index or constraint on exactly (video_recording_id)"],
    ],
  },
  {
    name: "an index on a table that is Supabase's",
    sql: "create unique index objects_owner_key on storage.objects (bucket_id, name, owner);",
    says: [["not-on-platform-schemas", "storage.objects is Supabase's own"]],
  },
  {
    name: "the same index by way of a function that runs text",
    sql: `create function public.add_index() returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  execute 'create unique index on storage.objects (bucket_id, name, owner)';
end
$$;`,
    says: [
      ["no-dynamic-sql", "cannot be checked"],
      ["definer-has-reason", "does not say why"],
    ],
  },
  {
    name: "a migration that succeeds and creates nothing",
    sql: "-- create table public.ai_analyses (id bigint);",
    says: [["makes-a-change", "changes nothing"]],
  },
  {
    name: "a table that another migration has made",
    sql: "create table public.recordings (id bigint);",
    says: [["made-once", "table public.recordings is there already"]],
  },
  {
    name: "types dropped with all that hangs on them",
    sql: "DROP TYPE IF EXISTS contact_type CASCADE;",
    says: [["no-cascade", "does not name"]],
  },
  {
    name: "a join over a column that was guessed",
    sql: "create index recordings_title_idx on public.recordings (title);",
    says: [["made-before-use", "no column public.recordings.title"]],
  },
  {
    name: "rights that are too wide",
    sql: "grant all on table public.recordings to anon;",
    says: [["granted-by-name", "every privilege"]],
  },
];

test.each(mistakes)("stops $name", ({ sql, says }) => {
  const given = readSource("20261101090000_given.sql", "create table public.recordings (id int);");
  const migration = readSource("20261101090100_mistake.sql", sql);

  const found = lint({ migrations: [given, migration], rollbacks: [] }, rules);

  const own = found.filter(({ file }) => file === migration.path);
  for (const [rule, words] of says) {
    expect(own).toContainEqual(
      expect.objectContaining({ rule, problem: expect.stringContaining(words) }),
    );
  }
});

test("a file that does not parse leaves the later ones their own findings only", () => {
  const broken = readSource("20261101090000_broken.sql", "create tabel public.a (id int);");
  const later = readSource("20261101090100_later.sql", "create index i on public.a (id);");

  const found = lint({ migrations: [broken, later], rollbacks: [] }, rules);

  const rulesOf = (path: string) =>
    found.filter(({ file }) => file === path).map(({ rule }) => rule);
  expect(rulesOf(broken.path)).toContain("syntax");
  expect(rulesOf(later.path)).not.toContain("made-before-use");
});

test("findings of a file come in the order of their places", () => {
  const file = readSource("20261101090000_a.sql", "DROP TABLE b;\n\n\ndo $$ begin end $$;");

  const lines = lint({ migrations: [file], rollbacks: [] }, rules).map(({ line }) => line);

  expect(lines).toEqual(lines.toSorted((one, other) => one - other));
});
