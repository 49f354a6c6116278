import type { Rule } from "../rule.ts";
import { pick, pickAll } from "../source/ast.ts";

export const viewRunsAsCaller: Rule = {
  id: "view-runs-as-caller",
  says: "Every view has `security_invoker = true`.",
  why: "Without it a view reads with its owner's rights, past the policies of the tables below it.",
  covers: "migrations",
  bad: [
    { sql: "create view public.v as select 1 as one;", at: "create view" },
    {
      sql: "create view public.v with (security_invoker = false) as select 1 as one;",
      at: "create view",
    },
  ],
  good: [
    { sql: "create view public.v with (security_invoker = true) as select 1 as one;" },
    { sql: "create view public.v with (security_invoker) as select 1 as one;" },
  ],
  *check({ file }) {
    for (const { node, start } of file.statements) {
      const view = pick(node, "ViewStmt");
      if (!view) continue;
      const option = pickAll(view.options, "DefElem").find(
        ({ defname }) => defname === "security_invoker",
      );
      const value = option?.arg ? pick(option.arg, "String")?.sval : "true";
      if (option && ["true", "on", "1"].includes(value ?? "")) continue;
      yield {
        file,
        offset: start,
        problem: "The view reads with its owner's rights, past all policies.",
        remedy: "Write: create view … with (security_invoker = true) as …",
      };
    }
  },
};
