import type { Rule } from "../rule.ts";
import { functionParts } from "../source/function-parts.ts";

const longest = 60;

export const functionLength: Rule = {
  id: "function-length",
  says: `A function's body has at most ${longest} lines.`,
  why: "A longer one does several things, and its tests cannot tell them apart.",
  covers: "both",
  bad: [
    {
      sql: `create function a.f() returns int language sql as $$${"\nselect 1;".repeat(longest + 1)}$$;`,
      at: "create",
    },
  ],
  good: [
    {
      sql: `create function a.f() returns int language sql as $$\n${"select 1;\n".repeat(longest)}$$;`,
    },
  ],
  *check({ file }) {
    for (const statement of file.statements) {
      const lines = statement.body?.text.trim().split("\n").length ?? 0;
      const parts = functionParts(statement);
      if (!parts || lines <= longest) continue;
      yield {
        file,
        offset: statement.start,
        problem: `The body of ${parts.name} has ${lines} lines.`,
        remedy: `Split it into functions of at most ${longest}.`,
      };
    }
  },
};
