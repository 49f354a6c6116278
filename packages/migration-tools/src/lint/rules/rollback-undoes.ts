import type { Catalogue, Entry, Kind } from "../catalogue/catalogue.ts";
import type { Problem } from "../finding.ts";
import type { Rule } from "../rule.ts";
import { pick, pickAll } from "../source/ast.ts";
import { relationName } from "../source/names.ts";
import type { SourceFile } from "../source/source-file.ts";

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
      earlier: "create table public.a (id int);\ncreate index i on public.a (id);",
      given: "drop index public.i;\ncreate schema b;",
      sql: "drop schema b;",
      at: "drop schema",
    },
    {
      given:
        "create table public.a (id int);\ncreate function public.f() returns int language sql as $$ select 1 $$;",
      sql: "drop table public.a;",
      at: "drop table",
    },
    { given: "create schema a;", sql: "drop schema a;\ncreate schema b;", at: "create schema b" },
    {
      earlier: "create table public.a (id int, b int);",
      given: "create schema c;",
      sql: "drop schema c;\nalter table public.a drop column b;",
      at: "alter table",
    },
    {
      earlier: "create table public.a (id int);\ngrant select on table public.a to authenticated;",
      given: "create schema c;",
      sql: "drop schema c;\ngrant select on table public.a to anon;",
      at: "grant",
    },
    {
      earlier: "create table public.a (id int);\nalter table public.a enable row level security;",
      given: "create schema c;",
      sql: "drop schema c;\nalter table public.a disable row level security;",
      at: "alter table",
    },
  ],
  good: [
    {
      earlier: "create table public.a (id int);\ncreate index i on public.a (id);",
      given: "drop index public.i;",
      sql: "create index i on public.a (id);",
    },
    {
      given:
        "create table public.a (id int primary key);\ncreate index i on public.a (id);\ncreate policy p on public.a using (true);",
      sql: "drop table public.a;",
    },
    {
      earlier: "create table public.a (id int);\ngrant select on table public.a to authenticated;",
      given:
        "revoke select on table public.a from authenticated;\nalter table public.a enable row level security;\nalter table public.a rename to b;",
      sql: "alter table public.b rename to a;\nalter table public.a disable row level security;\ngrant select on table public.a to authenticated;",
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
    yield* notRestored(file, migration, catalogue);
    yield* takenFromOthers(file, migration, catalogue);
    yield* opened(file, migration, catalogue);
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

/** What the migration took away and the rollback does not bring back. */
function* notRestored(
  file: SourceFile,
  migration: SourceFile,
  catalogue: Catalogue,
): Generator<Problem> {
  const there = catalogue.after(catalogue.endOf(file), kinds);
  const isThere = (gone: Entry) =>
    there.some(({ kind, name }) => kind === gone.kind && name === gone.name);
  const taken = new Set(migration.statements.map((statement) => catalogue.momentOf(statement)));
  const gone = catalogue
    .all(kinds)
    .filter(({ statement, until }) => statement.file !== migration && taken.has(until));
  for (const { kind, name } of outermost(gone.filter((entry) => !isThere(entry)))) {
    yield {
      file,
      offset: file.statements[0]?.start ?? 0,
      problem: `The ${kind} ${name} that the migration drops is still missing afterwards.`,
      remedy: "Make it again as it was.",
    };
  }
}

/** What other migrations made and the rollback takes away. */
function* takenFromOthers(
  file: SourceFile,
  migration: SourceFile,
  catalogue: Catalogue,
): Generator<Problem> {
  const there = catalogue.after(catalogue.endOf(file), kinds);
  const renamed = new Set(migration.statements.map((statement) => catalogue.momentOf(statement)));
  for (const statement of file.statements) {
    const moment = catalogue.momentOf(statement);
    const gone = catalogue
      .all(kinds)
      .filter(({ until, from }) => until === moment && !renamed.has(from))
      .filter((entry) => entry.statement.file !== file && entry.statement.file !== migration)
      .filter(
        (entry) => !there.some(({ kind, name }) => kind === entry.kind && name === entry.name),
      );
    const [first] = outermost(gone);
    if (!first) continue;
    yield {
      file,
      offset: statement.start,
      problem: `The ${first.kind} ${first.name} is not the migration's: ${first.statement.file.name} makes it.`,
      remedy: "Leave it; an undo takes away only what its own migration made.",
    };
  }
}

/** Rights that nobody had before, and row security that the migration has not switched on. */
function* opened(
  file: SourceFile,
  migration: SourceFile,
  catalogue: Catalogue,
): Generator<Problem> {
  const granted = new Set(
    catalogue
      .all(["grant"])
      .filter(({ statement }) => statement.file !== file)
      .flatMap(({ name, columns }) => columns.map((role) => `${name} to ${role}`)),
  );
  for (const { name, columns, offset } of catalogue.madeIn(file, ["grant"])) {
    const role = columns.find((one) => !granted.has(`${name} to ${one}`));
    if (role === undefined) continue;
    yield {
      file,
      offset,
      problem: `The rollback grants ${name} to ${role}, who did not have it before.`,
      remedy: "Remove the grant.",
    };
  }
  const secured = catalogue
    .all(["row security"])
    .filter(({ statement }) => statement.file === migration);
  for (const { node, start } of file.statements) {
    const altered = pick(node, "AlterTableStmt");
    const table = relationName(altered?.relation);
    const isOff = pickAll(altered?.cmds, "AlterTableCmd").some(
      ({ subtype }) => subtype === "AT_DisableRowSecurity",
    );
    if (!isOff || secured.some(({ owner }) => owner === table)) continue;
    yield {
      file,
      offset: start,
      problem: `The rollback switches off the row security of ${table}, which was on before.`,
      remedy: "Leave it on.",
    };
  }
}

/** Parts of a table that is itself left over say nothing new. */
function outermost(left: Entry[]): Entry[] {
  const tables = new Set(left.filter(({ kind }) => kind === "table").map(({ name }) => name));
  return left.filter(({ kind, owner }) => kind === "table" || !tables.has(owner));
}
