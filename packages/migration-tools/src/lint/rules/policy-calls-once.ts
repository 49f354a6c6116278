import type { Rule } from "../rule.ts";
import { everyObject, isNode, type Node, pick, words } from "../source/ast.ts";

export const policyCallsOnce: Rule = {
  id: "policy-calls-once",
  says: "Policies call `auth.uid()` and its kin as `(select auth.uid())`.",
  why: "In a sub-select the function runs once per query; bare, it runs once per row.",
  covers: "migrations",
  bad: [
    {
      sql: "create policy p on public.notes for select to authenticated using (user_id = auth.uid());",
      at: "auth.uid()",
    },
    {
      sql: "create policy p on public.notes for insert to authenticated with check (user_id = auth.uid());",
      at: "auth.uid()",
    },
    { sql: "alter policy p on public.notes using (user_id = auth.uid());", at: "auth.uid()" },
  ],
  good: [
    {
      sql: "create policy p on public.notes for select to authenticated using (user_id = (select auth.uid()));",
    },
    { sql: "alter policy p on public.notes using (user_id = (select auth.uid()));" },
  ],
  *check({ file }) {
    for (const statement of file.statements) {
      const policy =
        pick(statement.node, "CreatePolicyStmt") ?? pick(statement.node, "AlterPolicyStmt");
      if (!policy) continue;
      const wrapped = new Set(subselectValues(policy));
      for (const value of everyObject(policy)) {
        if (!isNode(value, "FuncCall") || wrapped.has(value.FuncCall)) continue;
        const name = words(value.FuncCall.funcname).join(".");
        if (!name.startsWith("auth.") && name !== "current_setting") continue;
        yield {
          file,
          offset: statement.at(value.FuncCall.location),
          problem: `${name}() runs once for every row.`,
          remedy: `Write (select ${name}()).`,
        };
      }
    }
  },
};

/** The calls that are all of a sub-select, or of one of its values. */
function* subselectValues(root: unknown): Generator<object> {
  for (const value of everyObject(root)) {
    if (!isNode(value, "SubLink")) continue;
    const select: Node | undefined = value.SubLink.subselect;
    const isScalar = !pick(select, "SelectStmt")?.fromClause;
    if (!isScalar) continue;
    for (const inner of everyObject(select)) if (isNode(inner, "FuncCall")) yield inner.FuncCall;
  }
}
