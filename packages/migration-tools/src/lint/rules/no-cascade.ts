import type { Rule } from "../rule.ts";
import { pick, pickAll } from "../source/ast.ts";

export const noCascade: Rule = {
  id: "no-cascade",
  says: "No `drop … cascade`.",
  why: "It takes along whatever hangs on the object by then, without naming it.",
  covers: "both",
  bad: [
    { sql: "create schema a;\ndrop type public.contact_type cascade;", at: "drop type" },
    { sql: "alter table public.notes drop column a cascade;", at: "alter table" },
  ],
  good: [{ sql: "drop table public.notes;" }],
  *check({ file }) {
    for (const { node, start } of file.statements) {
      const behaviors = [
        pick(node, "DropStmt")?.behavior,
        ...pickAll(pick(node, "AlterTableStmt")?.cmds, "AlterTableCmd").map(
          ({ behavior }) => behavior,
        ),
      ];
      if (!behaviors.includes("DROP_CASCADE")) continue;
      yield {
        file,
        offset: start,
        problem: "Cascade drops objects that the statement does not name.",
        remedy: "Drop each object by name, what depends on others first.",
      };
    }
  },
};
