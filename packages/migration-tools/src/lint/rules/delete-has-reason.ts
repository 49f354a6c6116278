import { isPlatform } from "../catalogue/platform.ts";
import type { Rule } from "../rule.ts";
import { pick, pickAll } from "../source/ast.ts";
import { relationName, schemaOf } from "../source/names.ts";
import { commentAbove } from "../source/source-file.ts";

export const deleteHasReason: Rule = {
  id: "delete-has-reason",
  says: "A migration or rollback that deletes rows of the project says why, in a line `-- Deletes: reason`.",
  why: "Rows that users made cannot be made again by an undo.",
  covers: "both",
  bad: [
    { sql: "delete from public.notes where id < 9;", at: "delete" },
    { sql: "-- Old ones.\ntruncate public.a, pipeline.b;", at: "truncate" },
  ],
  good: [
    {
      sql: "-- Deletes: notes without a body, which nobody can read.\ndelete from public.notes where body = '';",
    },
    { sql: "delete from cron.job_run_details where runid < 9;" },
    {
      sql: "create function public.f() returns void language sql as $$ delete from public.notes $$;",
    },
  ],
  *check({ file }) {
    for (const { node, start } of file.statements) {
      const deleted = pick(node, "DeleteStmt")?.relation;
      const emptied = pickAll(pick(node, "TruncateStmt")?.relations, "RangeVar");
      const tables = [...(deleted ? [deleted] : []), ...emptied].map(relationName);
      const own = tables.find((name) => !isPlatform(schemaOf(name)));
      if (!own || /^Deletes: \S/m.test(commentAbove(file, start))) continue;
      yield {
        file,
        offset: start,
        problem: `Rows of ${own} are deleted without a reason.`,
        remedy: "Keep them, or say why they may go: -- Deletes: reason.",
      };
    }
  },
};
