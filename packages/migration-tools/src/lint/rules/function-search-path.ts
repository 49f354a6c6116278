import type { Rule } from "../rule.ts";
import { alteredFunction, functionParts } from "../source/function-parts.ts";

export const functionSearchPath: Rule = {
  id: "function-search-path",
  says: "Every function has `set search_path = ''`, or a body that is bound when it is made.",
  why: "Otherwise its caller decides which tables and functions it means.",
  covers: "both",
  bad: [
    { sql: "create function a.f() returns int language sql as $$ select 1 $$;", at: "create" },
    {
      sql: "create function a.f() returns int language sql set search_path = public as $$ select 1 $$;",
      at: "create",
    },
    {
      sql: "create function a.f() returns int language sql set search_path = public return a.g();",
      at: "create",
    },
    { sql: "alter function a.f() reset search_path;", at: "alter" },
    { sql: "alter function a.f() reset all;", at: "alter" },
    { sql: "alter function a.f() set search_path = public;", at: "alter" },
  ],
  good: [
    // Inlined, as no function with a `set` clause is.
    { sql: "create function a.f() returns int language sql return a.g();" },
    { sql: "create function a.f() returns int language sql begin atomic select a.g(); end;" },
    { sql: "alter function a.f() set search_path = '';" },
    { sql: "alter function a.f() stable;" },
    {
      sql: "create function a.f() returns int language sql set search_path = '' as $$ select 1 $$;",
    },
  ],
  *check({ file }) {
    for (const statement of file.statements) {
      const parts = functionParts(statement);
      const altered = alteredFunction(statement);
      const name =
        parts && parts.searchPath !== "" && !(parts.isBound && parts.searchPath === null)
          ? parts.name
          : altered?.movesSearchPath
            ? altered.name
            : null;
      if (name === null) continue;
      yield {
        file,
        offset: statement.start,
        problem: `The caller's search path decides what ${name} means by a name.`,
        remedy: "Add set search_path = '' and write the schema before every name.",
      };
    }
  },
};
