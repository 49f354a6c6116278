import type { Rule } from "../rule.ts";
import { commentAbove } from "../source/source-file.ts";

export const tableHasPolicy: Rule = {
  id: "table-has-policy",
  says: "Every table has a policy, or `-- No policy: reason` over its `enable row level security`.",
  why: "Without a policy nobody but the service role sees a row, and an empty list looks like no data.",
  covers: "migrations",
  bad: [
    {
      sql: "create table public.notes (id int);\nalter table public.notes enable row level security;",
      at: "alter table",
    },
  ],
  good: [
    {
      sql: "create table public.notes (id int);\nalter table public.notes enable row level security;\ncreate policy p on public.notes for select to authenticated using (true);",
    },
    {
      sql: "create table public.notes (id int);\n-- No policy: only functions that run as their owner touch it.\nalter table public.notes enable row level security;",
    },
  ],
  *check({ file, catalogue }) {
    const guarded = new Set(catalogue.madeIn(file, ["policy"]).map(({ owner }) => owner));
    const made = new Set(catalogue.madeIn(file, ["table"]).map(({ name }) => name));
    for (const { owner, offset } of catalogue.madeIn(file, ["row security"])) {
      const reason = /^No policy: \S/m.test(commentAbove(file, offset));
      if (!made.has(owner) || guarded.has(owner) || reason) continue;
      yield {
        file,
        offset,
        problem: `${owner} has no policy: nobody but the service role sees its rows.`,
        remedy: "Write one for its owner, or say why there is none: -- No policy: reason.",
      };
    }
  },
};
