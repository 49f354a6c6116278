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

test("a migration as the house writes them has no finding", () => {
  const name = "20261101090000_notes.sql";
  const migration = readSource(
    name,
    `-- Notes that users write on their own, and who may read them.

create type public.mood as enum ('good', 'bad');

create table public.notes (
  id bigint generated always as identity primary key,
  user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  mood public.mood not null,
  body text not null,
  constraint body_is_not_blank check (btrim(body) <> '')
);

comment on table public.notes is 'Notes.';
comment on column public.notes.id is 'Identity.';
comment on column public.notes.user_id is 'Owner.';
comment on column public.notes.mood is 'How it was meant.';
comment on column public.notes.body is 'What it says.';

alter table public.notes add constraint body_is_short check (length(body) < 2000);

create unique index notes_user_id_mood_key on public.notes (user_id, mood);

create function public.note(mood public.mood, body text)
returns bigint
language sql volatile security invoker set search_path = ''
as $$
  insert into public.notes (mood, body) values (note.mood, note.body)
  on conflict (user_id, mood) do update set body = excluded.body
  returning id
$$;

alter table public.notes enable row level security;

create policy "owners read their notes" on public.notes
for select to authenticated using (user_id = (select auth.uid()));

create policy "owners add notes" on public.notes
for insert to authenticated with check (user_id = (select auth.uid()));

revoke all on table public.notes from public, anon, authenticated;
revoke all on sequence public.notes_id_seq from public, anon, authenticated;
grant select, insert on table public.notes to authenticated;

revoke all on function public.note(public.mood, text) from public, anon, authenticated;
grant execute on function public.note(public.mood, text) to authenticated;

alter publication supabase_realtime add table public.notes;
`,
  );
  const rollback = readSource(
    `rollbacks/${name}`,
    `-- Undoes ${name}.

alter publication supabase_realtime drop table public.notes;
drop function public.note(public.mood, text);
drop table public.notes;
drop type public.mood;
`,
    "rollback",
  );

  expect(lint({ migrations: [migration], rollbacks: [rollback] }, rules)).toEqual([]);
});

test("a rollback that forgets a table is told of the table, not of each of its parts", () => {
  const name = "20261101090000_notes.sql";
  const sql = "create table public.a (id int primary key); create table public.b (id int);";
  const migration = readSource(name, sql);
  const rollback = readSource(`rollbacks/${name}`, "drop table public.b;", "rollback");

  const found = lint({ migrations: [migration], rollbacks: [rollback] }, rules);

  const problems = found.filter(({ rule }) => rule === "rollback-undoes");
  expect(problems.map(({ problem }) => problem)).toEqual([
    "The table public.a that the migration makes is still there afterwards.",
  ]);
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

test("of a statement that does not parse only the syntax is found, not its capitals", () => {
  const sql = "CREATE TABEL public.a (id int);\nDROP TABLE public.b;";
  const file = readSource("20261101090000_a.sql", sql);

  const found = lint({ migrations: [file], rollbacks: [] }, rules);

  const rulesOn = (wanted: number) =>
    found.filter(({ line }) => line === wanted).map(({ rule }) => rule);
  expect(rulesOn(1)).toContain("syntax");
  expect(rulesOn(1)).not.toContain("lowercase");
  expect(rulesOn(2)).toContain("lowercase");
});
