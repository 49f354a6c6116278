import type { Rule } from "../rule.ts";
import { pick, pickAll } from "../source/ast.ts";
import { relationName } from "../source/names.ts";
import { commentAbove } from "../source/source-file.ts";

export const rowSecurity: Rule = {
  id: "row-security",
  says: "Every table has row level security enabled by the migration that makes it, and none has it switched off or loosened without `-- Open: reason`.",
  why: "A table of an exposed schema without it is open to whoever holds the publishable key and a grant.",
  covers: "migrations",
  bad: [
    { sql: "create table public.notes (id int);", at: "public.notes" },
    { sql: "create table public.notes as select 1 as id;", at: "create table" },
    { sql: "select 1 as id into public.notes;", at: "select" },
    { sql: "alter table public.notes disable row level security;", at: "alter table" },
    { sql: "alter table public.notes no force row level security;", at: "alter table" },
  ],
  good: [
    { sql: "create materialized view public.v as select 1 as id;" },
    {
      sql: "create table public.notes (id int);\nalter table public.notes enable row level security;",
    },
    {
      sql: "-- Open: the notes are published.\nalter table public.notes disable row level security;",
    },
    { sql: "alter table public.notes force row level security;" },
  ],
  *check({ file, catalogue }) {
    const secured = new Set(catalogue.madeIn(file, ["row security"]).map(({ owner }) => owner));
    for (const { name, offset } of catalogue.madeIn(file, ["table"])) {
      if (secured.has(name)) continue;
      yield {
        file,
        offset,
        problem: `${name} has no row level security.`,
        remedy: `Add: alter table ${name} enable row level security;`,
      };
    }
    for (const { node, start } of file.statements) {
      const altered = pick(node, "AlterTableStmt");
      const loosened = pickAll(altered?.cmds, "AlterTableCmd").find(
        ({ subtype }) => subtype === "AT_DisableRowSecurity" || subtype === "AT_NoForceRowSecurity",
      );
      if (!loosened || /^Open: \S/m.test(commentAbove(file, start))) continue;
      const isOff = loosened.subtype === "AT_DisableRowSecurity";
      yield {
        file,
        offset: start,
        problem: `The policies of ${relationName(altered?.relation)} no longer hold${isOff ? "" : " for its owner"}.`,
        remedy: "Leave row level security on and change a policy, or say why: -- Open: reason.",
      };
    }
  },
};
