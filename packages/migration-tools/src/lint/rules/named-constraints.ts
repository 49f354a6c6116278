import type { Rule } from "../rule.ts";
import { nodesIn } from "../source/ast.ts";

const types = new Set(["CONSTR_CHECK", "CONSTR_UNIQUE", "CONSTR_EXCLUSION"]);

export const namedConstraints: Rule = {
  id: "named-constraints",
  says: "Checks, unique and exclusion constraints have a name that says what holds.",
  why: "The name is all that an app sees of a refused row, and what a later migration drops it by.",
  covers: "migrations",
  bad: [
    { sql: "create table public.notes (id int, check (id > 0));", at: "check" },
    { sql: "create table public.notes (id int check (id > 0));", at: "check" },
    { sql: "create table public.notes (id int unique);", at: "unique" },
    { sql: "alter table public.notes add check (id > 0);", at: "check" },
  ],
  good: [
    {
      sql: "create table public.notes (id int primary key, constraint id_is_positive check (id > 0), constraint notes_id_key unique (id));",
    },
  ],
  *check({ file }) {
    for (const statement of file.statements) {
      for (const { contype = "", conname, location } of nodesIn(statement.node, "Constraint")) {
        if (!types.has(contype) || conname) continue;
        yield {
          file,
          offset: statement.at(location),
          problem: "The constraint has no name.",
          remedy: "Name it as a sentence: constraint status_is_known check (…).",
        };
      }
    }
  },
};
