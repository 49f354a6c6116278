import type { Rule } from "../rule.ts";

export const noStrayRollback: Rule = {
  id: "no-stray-rollback",
  says: "Each rollback has the migration that it undoes.",
  why: "A migration that was renamed leaves its undo behind, and then has none.",
  covers: "rollbacks",
  bad: [{ name: "20261101095959_gone.sql", sql: "drop schema a;", at: "drop" }],
  good: [{ given: "create schema a;", sql: "drop schema a;" }],
  *check({ file, project }) {
    if (project.migrations.some(({ name }) => name === file.name)) return;
    yield {
      file,
      offset: 0,
      problem: `supabase/migrations has no ${file.name}.`,
      remedy: "Rename the rollback as its migration is named, or delete it.",
    };
  },
};
