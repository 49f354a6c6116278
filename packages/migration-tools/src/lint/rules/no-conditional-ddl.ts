import type { Kind } from "../catalogue/catalogue.ts";
import type { Rule } from "../rule.ts";
import { isNode, type Node, pick, pickAll } from "../source/ast.ts";

export const noConditionalDdl: Rule = {
  id: "no-conditional-ddl",
  says: "No `if exists`, no `if not exists` but for extensions, no `or replace` of what is not there.",
  why: "It makes a migration succeed on a database that is not in the state it was written for.",
  covers: "both",
  bad: [
    { sql: "create or replace view a.v as select 1 as one;", at: "create or replace" },
    {
      given: "create trigger t before insert on a.c execute function a.f();",
      sql: "create or replace trigger t after insert on a.b execute function a.f();",
      at: "create or replace",
    },
    { sql: 'create schema a;\ndrop policy if exists "owners" on public.notes;', at: "drop policy" },
    { sql: "drop table if exists public.notes;", at: "drop table" },
    { sql: "create table if not exists public.notes (id bigint);", at: "create table" },
    { sql: "create index if not exists i on public.notes (id);", at: "create index" },
    { sql: "alter table public.notes add column if not exists a int;", at: "alter table" },
    { sql: "create schema if not exists a;", at: "create schema" },
    {
      sql: "create or replace function a.f() returns int language sql as $$ select 1 $$;",
      at: "create or replace",
    },
  ],
  good: [
    {
      given:
        "create view a.v as select 1 as one;\ncreate trigger t before insert on a.b execute function a.f();",
      sql: "create or replace view a.v as select 2 as one;\ncreate or replace trigger t after insert on a.b execute function a.f();",
    },
    { sql: "create extension if not exists pg_net with schema extensions;" },
    {
      given: "create function a.f() returns int language sql as $$ select 1 $$;",
      sql: "create or replace function a.f() returns int language sql as $$ select 2 $$;",
    },
  ],
  *check({ file, catalogue }) {
    for (const { node, start } of file.statements) {
      if (isConditional(node)) {
        yield {
          file,
          offset: start,
          problem:
            "A condition hides whether the database is in the state that the migration expects.",
          remedy: "Leave the condition out: the migrations before this one say what is there.",
        };
      }
    }
    for (const statement of file.statements.filter(({ node }) => replaces(node))) {
      const moment = catalogue.momentOf(statement);
      if (catalogue.all(replaceable).some(({ until }) => until === moment)) continue;
      yield {
        file,
        offset: statement.start,
        problem: "There is nothing of this name (and, for a function, these types) to replace.",
        remedy: "Write create; or replace is for what an earlier migration made.",
      };
    }
  },
};

const replaceable: Kind[] = ["function", "view", "trigger"];

function replaces(node: Node): boolean {
  return Object.values(node).some((fields) => isFlagged(fields, "replace"));
}

/** Each kind of statement has a flag of its own for it. */
function isConditional(node: Node): boolean {
  if (isNode(node, "CreateExtensionStmt")) return false;
  const altered = pickAll(pick(node, "AlterTableStmt")?.cmds, "AlterTableCmd");
  return [...Object.values(node), ...altered].some(
    (fields) => isFlagged(fields, "missing_ok") || isFlagged(fields, "if_not_exists"),
  );
}

function isFlagged(fields: unknown, flag: string): boolean {
  return (
    typeof fields === "object" &&
    fields !== null &&
    Object.entries(fields).some(([key, value]) => key === flag && value === true)
  );
}
