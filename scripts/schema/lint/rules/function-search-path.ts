import type { Rule } from "../rule.ts";
import { functionParts } from "../source/function-parts.ts";

export const functionSearchPath: Rule = {
  id: "function-search-path",
  says: "Every function has `set search_path = ''`.",
  why: "Otherwise its caller decides which tables and functions it means.",
  covers: "both",
  bad: [
    { sql: "create function a.f() returns int language sql as $$ select 1 $$;", at: "create" },
    {
      sql: "create function a.f() returns int language sql set search_path = public as $$ select 1 $$;",
      at: "create",
    },
  ],
  good: [
    {
      sql: "create function a.f() returns int language sql set search_path = '' as $$ select 1 $$;",
    },
  ],
  *check({ file }) {
    for (const statement of file.statements) {
      const parts = functionParts(statement);
      if (!parts || parts.searchPath === "") continue;
      yield {
        file,
        offset: statement.start,
        problem: `The caller's search path decides what ${parts.name} means by a name.`,
        remedy: "Add set search_path = '' and write the schema before every name.",
      };
    }
  },
};
