import type { Rule } from "../rule.ts";
import { functionParts } from "../source/function-parts.ts";

export const functionVolatility: Rule = {
  id: "function-volatility",
  says: "Every function says `volatile`, `stable` or `immutable`.",
  why: "The default, volatile, keeps a function out of indexes and makes it run once per row.",
  covers: "both",
  bad: [{ sql: "create function a.f() returns int language sql as $$ select 1 $$;", at: "create" }],
  good: [{ sql: "create function a.f() returns int language sql stable as $$ select 1 $$;" }],
  *check({ file }) {
    for (const statement of file.statements) {
      const parts = functionParts(statement);
      if (!parts || parts.volatility) continue;
      yield {
        file,
        offset: statement.start,
        problem: `${parts.name} does not say how volatile it is.`,
        remedy: "Add volatile, stable or immutable after its language.",
      };
    }
  },
};
