import type { Rule } from "../rule.ts";

const table = "create table public.notes (id int, body text);";

export const commented: Rule = {
  id: "commented",
  says: "Every table, view and column has a comment, in the migration that makes it.",
  why: "Studio, the generated documentation and the types show it; the code of a migration nobody reads.",
  covers: "migrations",
  bad: [
    {
      sql: `${table}\ncomment on column public.notes.id is 'Identity.';\ncomment on column public.notes.body is 'Text.';`,
      at: "public.notes",
    },
    {
      sql: `${table}\ncomment on table public.notes is 'Notes.';\ncomment on column public.notes.id is 'Identity.';`,
      at: "body",
    },
    { given: table, sql: "alter table public.notes add column title text;", at: "title" },
    {
      sql: "create view public.v with (security_invoker = true) as select 1 as one;",
      at: "create view",
    },
  ],
  good: [
    {
      sql: `${table}\ncomment on table public.notes is 'Notes.';\ncomment on column public.notes.id is 'Identity.';\ncomment on column public.notes.body is 'Text.';`,
    },
  ],
  *check({ file, catalogue }) {
    const said = new Set(
      catalogue.after(catalogue.endOf(file), ["comment"]).map(({ name }) => name),
    );
    for (const { kind, name, offset } of catalogue.madeIn(file, ["table", "view", "column"])) {
      if (name.endsWith(".*") || said.has(`${kind} ${name}`)) continue;
      yield {
        file,
        offset,
        problem: `The ${kind} ${name} has no comment.`,
        remedy: `Add: comment on ${kind} ${name} is 'What it means.';`,
      };
    }
  },
};
