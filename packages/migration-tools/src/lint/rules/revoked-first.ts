import type { Entry, Kind } from "../catalogue/catalogue.ts";
import type { Rule } from "../rule.ts";

const roles = ["public", "anon", "authenticated"];
const kinds: Kind[] = ["schema", "table", "view", "sequence", "function"];

export const revokedFirst: Rule = {
  id: "revoked-first",
  says: "Every schema, table, view, sequence and function is revoked from public, anon and authenticated before anything is granted.",
  why: "PostgreSQL lets everybody execute a new function, and projects differ in what they grant by default.",
  covers: "migrations",
  bad: [
    { sql: "create table public.notes (id int);", at: "public.notes" },
    {
      sql: "create function a.f(x int) returns int language sql as $$ select 1 $$;",
      at: "create function",
    },
    {
      sql: "create function a.f(x int) returns int language sql as $$ select 1 $$;\nrevoke all on function a.f(int) from public, anon;",
      at: "create function",
    },
    {
      sql: "create table public.notes (id int);\ngrant select on table public.notes to authenticated;\nrevoke all on table public.notes from public, anon, authenticated;",
      at: "grant",
    },
    { sql: "create schema a;", at: "create schema" },
  ],
  good: [
    {
      sql: "create table public.notes (id int);\nrevoke all on table public.notes from public, anon, authenticated;\ngrant select on table public.notes to authenticated;",
    },
    {
      sql: "create function a.f(x int) returns int language sql as $$ select 1 $$;\nrevoke all on function a.f(int) from public, anon, authenticated;",
    },
    {
      given: "create function a.f() returns int language sql as $$ select 1 $$;",
      sql: "create or replace function a.f() returns int language sql as $$ select 2 $$;",
    },
  ],
  *check({ file, catalogue }) {
    const facts = catalogue
      .all(["revoke", "grant"])
      .filter(({ statement }) => statement.file === file);
    for (const entry of catalogue.madeIn(file, kinds)) {
      if (isReplacement(entry, catalogue.all([entry.kind]))) continue;
      const own = facts.filter(({ name }) => namesOf(entry).includes(name));
      const revoked = new Set(
        own.filter(({ kind }) => kind === "revoke").flatMap(({ columns }) => columns),
      );
      const missing = roles.filter((role) => !revoked.has(role));
      if (missing.length > 0) {
        yield {
          file,
          offset: entry.offset,
          problem: `Nothing takes the ${entry.kind} ${entry.name} from ${missing.join(", ")}.`,
          remedy: `Add: revoke all on ${sqlKind(entry.kind)} ${entry.name} from ${roles.join(", ")};`,
        };
        continue;
      }
      const early = own.find(
        ({ kind, from }) =>
          kind === "grant" && own.some((fact) => fact.kind === "revoke" && fact.from > from),
      );
      if (!early) continue;
      yield {
        file,
        offset: early.offset,
        problem: `The grant on ${entry.name} is revoked again below.`,
        remedy: "Move the revoke before the first grant.",
      };
    }
  },
};

/** A replaced function keeps its rights. */
function isReplacement({ name, from }: Entry, all: Entry[]): boolean {
  return all.some((other) => other.name === name && other.until === from);
}

/** Views are granted by the word table. */
function namesOf({ kind, name }: Entry): string[] {
  return [`${sqlKind(kind)} ${name}`];
}

function sqlKind(kind: Kind): string {
  return kind === "view" ? "table" : kind;
}
