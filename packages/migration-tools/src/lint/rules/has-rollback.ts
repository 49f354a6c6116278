import type { Rule } from "../rule.ts";

export const hasRollback: Rule = {
  id: "has-rollback",
  says: "Each migration has its undo under the same name in `supabase/rollbacks`.",
  why: "A release that goes wrong at night is taken back with a file that was written and tried before.",
  covers: "migrations",
  bad: [{ sql: "create schema a;", rollback: null, at: "create" }],
  good: [{ sql: "create schema a;", rollback: "drop schema a;" }],
  *check({ file, project }) {
    if (project.rollbacks.some(({ name }) => name === file.name)) return;
    yield {
      file,
      offset: 0,
      problem: `supabase/rollbacks has no ${file.name}.`,
      remedy: "Write there what takes this migration back, in the opposite order.",
    };
  },
};
