import type { Rule } from "../rule.ts";
import { isNode } from "../source/ast.ts";

export const noDoBlock: Rule = {
  id: "no-do-block",
  says: "No `do` blocks.",
  why: "What a block does depends on the state it finds, so two databases can differ after it.",
  covers: "both",
  bad: [
    { sql: "create schema a;\ndo $$ begin create table a.b (id int); end $$;", at: "do $$" },
    {
      sql: "do $$\nbegin\n  create table a.b (id int);\nexception when others then\n  null;\nend\n$$;",
      at: "do $$",
    },
  ],
  good: [{ sql: "create table a.b (id int);" }],
  *check({ file }) {
    for (const { node, start } of file.statements) {
      if (!isNode(node, "DoStmt")) continue;
      yield {
        file,
        offset: start,
        problem: "A do block hides plain DDL behind procedural code.",
        remedy:
          "Write the statements themselves; where a branch is needed, a function with a test.",
      };
    }
  },
};
