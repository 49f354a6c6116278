import { namesOwner } from "../catalogue/owner-condition.ts";
import { ownedTables } from "../catalogue/ownership.ts";
import { policyOf } from "../catalogue/policies.ts";
import type { Rule } from "../rule.ts";
import { commentAbove } from "../source/source-file.ts";

const table =
  "create table public.notes (id int primary key, user_id uuid references auth.users (id));";

export const policyNamesOwner: Rule = {
  id: "policy-names-owner",
  says: "A policy for users on a table whose rows belong to users compares a column with `auth.uid()` in all its branches, or has `-- Open: reason` over it.",
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
    {
      given: table,
      sql: "create policy p on public.notes for select to authenticated using (user_id = (select auth.uid()) or true);",
      at: "create policy",
    },
    {
      given: table,
      sql: "create policy p on public.notes for select to authenticated using ((select auth.uid()) is not null);",
      at: "create policy",
    },
    {
      given: table,
      sql: "create policy p on public.notes for select to authenticated using ((select auth.uid()) = (select auth.uid()));",
      at: "create policy",
    },
    {
      given: table,
      sql: "create policy p on public.notes for update to authenticated using (user_id = (select auth.uid())) with check (true);",
      at: "create policy",
    },
    {
      given: `${table}\ncreate policy p on public.notes for select to authenticated using (user_id = (select auth.uid()));`,
      sql: "alter policy p on public.notes using (true);",
      at: "alter policy",
    },
    {
      given: `${table}\ncreate policy p on public.notes for select to service_role using (true);`,
      sql: "alter policy p on public.notes to authenticated;",
      at: "alter policy",
    },
  ],
  good: [
    {
      given: table,
      sql: "create policy p on public.notes as restrictive for select to authenticated using (id > 0);",
    },
    {
      given: `${table}\ncreate policy p on public.notes for select to authenticated using (true);`,
      sql: "alter policy p on public.notes using (id > 0 and (select auth.uid()) = user_id);",
    },
    {
      given: `${table}\ncreate table public.parts (note_id int references public.notes (id));`,
      sql: "create policy p on public.parts for select to authenticated using (exists (select 1 from public.notes as n where n.id = note_id and n.user_id = (select auth.uid())) or note_id in (select n.id from public.notes as n where n.user_id = (select auth.uid())));",
    },
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
      const policy = policyOf(statement, catalogue);
      if (!policy || policy.isRestrictive) continue;
      const { table, roles, conditions } = policy;
      if (!ownedTables(catalogue, catalogue.momentOf(statement)).has(table)) continue;
      if (!roles.some((role) => role !== "service_role")) continue;
      if (conditions.length > 0 && conditions.every(namesOwner)) continue;
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
