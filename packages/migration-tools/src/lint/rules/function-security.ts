import type { Rule } from "../rule.ts";
import { functionParts } from "../source/function-parts.ts";

export const functionSecurity: Rule = {
  id: "function-security",
  says: "Every function says `security invoker` or `security definer`.",
  why: "With whose rights it runs is what a reviewer looks for first.",
  covers: "both",
  bad: [{ sql: "create function a.f() returns int language sql as $$ select 1 $$;", at: "create" }],
  good: [
    { sql: "create function a.f() returns int language sql security invoker as $$ select 1 $$;" },
  ],
  *check({ file }) {
    for (const statement of file.statements) {
      const parts = functionParts(statement);
      if (!parts || parts.security) continue;
      yield {
        file,
        offset: statement.start,
        problem: `${parts.name} does not say with whose rights it runs.`,
        remedy: "Add security invoker, or security definer with its reason.",
      };
    }
  },
};
