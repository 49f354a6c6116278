import type { Entry, Kind } from "../catalogue/catalogue.ts";
import type { Rule } from "../rule.ts";

const kinds: Kind[] = [
  "schema",
  "type",
  "table",
  "view",
  "sequence",
  "column",
  "index",
  "constraint",
  "foreign key",
  "function",
  "trigger",
  "policy",
];

export const rollbackUndoes: Rule = {
  id: "rollback-undoes",
  says: "A rollback drops what its migration has made, makes again what it dropped, and leaves the rest alone.",
  why: "What stays behind makes the migration fail when it is applied again.",
  covers: "rollbacks",
  bad: [
    {
      given:
        "create table public.a (id int);\ncreate function public.f() returns int language sql as $$ select 1 $$;",
      sql: "drop table public.a;",
      at: "drop table",
    },
    { given: "create schema a;", sql: "drop schema a;\ncreate schema b;", at: "create schema b" },
  ],
  good: [
    {
      given:
        "create table public.a (id int primary key);\ncreate index i on public.a (id);\ncreate policy p on public.a using (true);",
      sql: "drop table public.a;",
    },
    { given: "alter table public.a add column b int;", sql: "alter table public.a drop column b;" },
  ],
  *check({ file, catalogue, project }) {
    const migration = project.migrations.find(({ name }) => name === file.name);
    if (!migration || file.failures.length > 0 || !catalogue.isComplete) return;
    const end = catalogue.endOf(file);
    const left = catalogue.madeIn(migration, kinds).filter(({ until }) => until > end);
    for (const { kind, name, owner } of outermost(left)) {
      yield {
        file,
        offset: file.statements[0]?.start ?? 0,
        problem: `The ${kind} ${name} that the migration makes is still there afterwards.`,
        remedy:
          kind === "column"
            ? `Drop it from ${owner}.`
            : "Drop it, in the opposite order of making.",
      };
    }
    const names = new Set(
      catalogue
        .all(kinds)
        .filter(({ statement }) => statement.file !== file)
        .map(({ name }) => name),
    );
    for (const { kind, name, offset } of catalogue.madeIn(file, kinds)) {
      if (names.has(name)) continue;
      yield {
        file,
        offset,
        problem: `The rollback leaves the ${kind} ${name}, which was not there before.`,
        remedy: "Drop it at the rollback's end.",
      };
    }
  },
};

/** Parts of a table that is itself left over say nothing new. */
function outermost(left: Entry[]): Entry[] {
  const tables = new Set(left.filter(({ kind }) => kind === "table").map(({ name }) => name));
  return left.filter(({ kind, owner }) => kind === "table" || !tables.has(owner));
}
