import type { Rule } from "../rule.ts";
import { functionParts } from "../source/function-parts.ts";

const longest = 60;

export const functionLength: Rule = {
  id: "function-length",
  says: `A function has at most ${longest} lines.`,
  why: "A longer one does several things, and its tests cannot tell them apart.",
  covers: "both",
  bad: [
    {
      sql: `create function a.f() returns int language sql as $$${"\n".repeat(longest)}select 1 $$;`,
      at: "create",
    },
  ],
  good: [
    {
      sql: `create function a.f() returns int language sql as $$${"\n".repeat(longest - 1)}select 1 $$;`,
    },
  ],
  *check({ file }) {
    for (const statement of file.statements) {
      const lines = statement.text.split("\n").length;
      const parts = functionParts(statement);
      if (!parts || lines <= longest) continue;
      yield {
        file,
        offset: statement.start,
        problem: `${parts.name} has ${lines} lines.`,
        remedy: `Split it into functions of at most ${longest}.`,
      };
    }
  },
};
