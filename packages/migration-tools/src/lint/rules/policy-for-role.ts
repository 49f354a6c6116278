import type { Rule } from "../rule.ts";
import { isNode, pick, pickAll } from "../source/ast.ts";

export const policyForRole: Rule = {
  id: "policy-for-role",
  says: "A policy names its command and its roles, and never `public`.",
  why: "Without `to` a policy is evaluated for every role there is, `anon` among them.",
  covers: "migrations",
  bad: [
    {
      sql: "create policy p on public.notes for select to authenticated, public using (true);",
      at: "create policy",
    },
    { sql: "create policy p on public.notes for select using (true);", at: "create policy" },
    {
      sql: "create policy p on public.notes for select to public using (true);",
      at: "create policy",
    },
    { sql: "create policy p on public.notes to authenticated using (true);", at: "create policy" },
    { sql: "alter policy p on public.notes to public;", at: "alter policy" },
  ],
  good: [
    { sql: "create policy p on public.notes for select to authenticated using (true);" },
    { sql: "alter policy p on public.notes to authenticated;" },
    { sql: "alter policy p on public.notes using (id > 0);" },
  ],
  *check({ file }) {
    for (const { node, start, text } of file.statements) {
      const policy = pick(node, "CreatePolicyStmt") ?? pick(node, "AlterPolicyStmt");
      if (!policy) continue;
      const isPublic = pickAll(policy.roles, "RoleSpec").some(
        ({ roletype }) => roletype === "ROLESPEC_PUBLIC",
      );
      const command =
        isNode(node, "AlterPolicyStmt") ||
        /\sfor\s+(all|select|insert|update|delete)\b/i.test(text);
      if (!isPublic && command) continue;
      yield {
        file,
        offset: start,
        problem: isPublic
          ? "The policy is for every role there is."
          : "The policy does not say for which command it is.",
        remedy: isPublic
          ? "Name the roles: to authenticated."
          : "Say for select, insert, update, delete or all.",
      };
    }
  },
};
