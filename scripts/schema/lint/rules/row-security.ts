import type { Rule } from "../rule.ts";

export const rowSecurity: Rule = {
  id: "row-security",
  says: "Every table has row level security enabled by the migration that makes it.",
  why: "A table of an exposed schema without it is open to whoever holds the publishable key and a grant.",
  covers: "migrations",
  bad: [{ sql: "create table public.notes (id int);", at: "public.notes" }],
  good: [
    {
      sql: "create table public.notes (id int);\nalter table public.notes enable row level security;",
    },
  ],
  *check({ file, catalogue }) {
    const secured = new Set(catalogue.madeIn(file, ["row security"]).map(({ owner }) => owner));
    for (const { name, offset } of catalogue.madeIn(file, ["table"])) {
      if (secured.has(name)) continue;
      yield {
        file,
        offset,
        problem: `${name} has no row level security.`,
        remedy: `Add: alter table ${name} enable row level security;`,
      };
    }
  },
};
