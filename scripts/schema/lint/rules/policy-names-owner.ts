import { ownedTables } from "../catalogue/ownership.ts";
import type { Rule } from "../rule.ts";
import { nodesIn, pick, pickAll, words } from "../source/ast.ts";
import { relationName } from "../source/names.ts";
import { commentAbove } from "../source/source-file.ts";

const table =
  "create table public.notes (id int primary key, user_id uuid references auth.users (id));";

export const policyNamesOwner: Rule = {
  id: "policy-names-owner",
  says: "A policy for users on a table whose rows belong to users compares with `auth.uid()`, or has `-- Open: reason` over it.",
  why: "`using (true)` there shows everybody's rows to everybody.",
  covers: "migrations",
  bad: [
    {
      sql: "create policy p on storage.objects for select to authenticated using (bucket_id = 'raw');",
      at: "create policy",
    },
    {
      given: table,
      sql: "create policy p on public.notes for select to authenticated using (true);",
      at: "create policy",
    },
    {
      given: `${table}\ncreate table public.parts (note_id int references public.notes (id));`,
      sql: "create policy p on public.parts for select to authenticated using (note_id > 0);",
      at: "create policy",
    },
  ],
  good: [
    {
      given: table,
      sql: "create policy p on public.notes for select to authenticated using (user_id = (select auth.uid()));",
    },
    { given: table, sql: "create policy p on public.notes for all to service_role using (true);" },
    {
      given: "create table public.voices (id int);",
      sql: "create policy p on public.voices for select to authenticated using (true);",
    },
    {
      given: table,
      sql: "-- Open: notes are published when they are written.\ncreate policy p on public.notes for select to authenticated using (true);",
    },
  ],
  *check({ file, catalogue }) {
    for (const statement of file.statements) {
      const policy = pick(statement.node, "CreatePolicyStmt");
      if (
        !policy ||
        !ownedTables(catalogue, catalogue.momentOf(statement)).has(relationName(policy.table))
      )
        continue;
      const roles = pickAll(policy.roles, "RoleSpec").map(({ rolename }) => rolename ?? "public");
      if (!roles.some((role) => role !== "service_role")) continue;
      const calls = [...nodesIn(policy, "FuncCall")].map(({ funcname }) =>
        words(funcname).join("."),
      );
      if (calls.includes("auth.uid")) continue;
      if (/^Open: \S/m.test(commentAbove(file, statement.start))) continue;
      yield {
        file,
        offset: statement.start,
        problem: `The policy lets ${roles.join(" and ")} at rows of other owners.`,
        remedy: "Compare the owner with (select auth.uid()), or say why not: -- Open: reason.",
      };
    }
  },
};
