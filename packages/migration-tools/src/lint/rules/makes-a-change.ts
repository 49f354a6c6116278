import type { Rule } from "../rule.ts";
import { isNode, nodesIn, words } from "../source/ast.ts";
import type { Statement } from "../source/source-file.ts";

export const makesAChange: Rule = {
  id: "makes-a-change",
  says: "A migration changes something.",
  why: "An empty one, or one whose statements are all comments, succeeds and creates nothing.",
  covers: "migrations",
  bad: [
    {
      sql: "-- Creates the notes.\n/* create table public.notes (id bigint); */",
      at: "-- Creates",
    },
    { sql: "select 1;\nset search_path = '';", at: "select" },
  ],
  good: [{ sql: "create schema a;" }, { sql: "select pipeline.install_schedule();" }],
  *check({ file }) {
    if (file.failures.length > 0 || file.statements.some(changes)) return;
    yield {
      file,
      offset: 0,
      problem: "The migration succeeds and changes nothing.",
      remedy: "Write its statements outside comments, or delete the file.",
    };
  },
};

function changes({ node }: Statement): boolean {
  if (isNode(node, "VariableSetStmt") || isNode(node, "TransactionStmt")) return false;
  if (!isNode(node, "SelectStmt")) return true;
  return [...nodesIn(node, "FuncCall")].some(({ funcname }) => words(funcname).length > 1);
}
