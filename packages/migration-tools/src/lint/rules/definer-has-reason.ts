import type { Rule } from "../rule.ts";
import { alteredFunction, functionParts } from "../source/function-parts.ts";
import { commentAbove, commentsWithin } from "../source/source-file.ts";

export const definerHasReason: Rule = {
  id: "definer-has-reason",
  says: "A function that is security definer says why, in a line `-- Definer: reason`.",
  why: "It runs past the caller's rights and policies; who reviews it must know that this is meant.",
  covers: "both",
  bad: [
    {
      sql: "create function a.f() returns int language sql security definer as $$ select 1 $$;",
      at: "create",
    },
    {
      sql: "create function a.f() returns int\n-- Fast.\nlanguage sql security definer as $$ select 1 $$;",
      at: "create",
    },
    { sql: "alter function a.f() security definer;", at: "alter" },
  ],
  good: [
    { sql: "alter function a.f() security invoker;" },
    {
      sql: "-- Definer: users may not use schema a.\nalter function a.f() security definer;",
    },
    {
      sql: "create function a.f() returns int language sql security invoker as $$ select 1 $$;",
    },
    {
      sql: "create function a.f() returns int\n-- Definer: users may not use schema a.\nlanguage sql security definer as $$ select 1 $$;",
    },
    {
      sql: "-- Counts.\n-- Definer: users may not use schema a.\ncreate function a.f() returns int language sql security definer as $$ select 1 $$;",
    },
  ],
  *check({ file }) {
    for (const statement of file.statements) {
      const { start, end } = statement;
      const isDefiner =
        functionParts(statement)?.security === "definer" || alteredFunction(statement)?.isDefiner;
      if (!isDefiner) continue;
      const comments = [commentAbove(file, start), ...commentsWithin(file, start, end)];
      if (comments.some((comment) => /^Definer: \S/m.test(comment))) continue;
      yield {
        file,
        offset: start,
        problem: "The function runs with its owner's rights and does not say why.",
        remedy: "Add a line -- Definer: reason, or make it security invoker.",
      };
    }
  },
};
