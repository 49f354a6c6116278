import type { Rule } from "../rule.ts";
import { isNode } from "../source/ast.ts";

export const noTransaction: Rule = {
  id: "no-transaction",
  says: "No `begin`, `commit`, `rollback` or `savepoint`.",
  why: "A commit in the middle leaves half a migration behind when the other half fails.",
  covers: "both",
  bad: [{ sql: "create schema a;\ncommit;", at: "commit" }],
  good: [{ sql: "create schema a;" }],
  *check({ file }) {
    for (const { node, start } of file.statements) {
      if (!isNode(node, "TransactionStmt")) continue;
      yield {
        file,
        offset: start,
        problem: "The migration ends or begins a transaction by itself.",
        remedy: "Remove it: whoever applies migrations runs each in a transaction of its own.",
      };
    }
  },
};
