import type { Kind } from "../catalogue/catalogue.ts";
import type { Rule } from "../rule.ts";
import { lineAndColumn } from "../source/places.ts";

const kinds: Kind[] = [
  "schema",
  "type",
  "table",
  "view",
  "sequence",
  "column",
  "constraint",
  "foreign key",
  "index",
  "function",
  "trigger",
  "policy",
];

export const madeOnce: Rule = {
  id: "made-once",
  says: "Nothing is made twice.",
  why: "Two migrations that make the same table mask each other: each works on a database without the other.",
  covers: "both",
  bad: [
    {
      given: "create table public.notes (id int);",
      sql: "create table public.notes (id int);",
      at: "public.notes",
    },
    {
      given: "create table public.notes (id int);",
      sql: "alter table public.notes add column id int;",
      at: "id int",
    },
    {
      given: "create policy p on public.notes using (true);",
      sql: "create policy p on public.notes using (true);",
      at: "create policy",
    },
  ],
  good: [
    {
      given: "create table public.notes (id int);",
      sql: "drop table public.notes;\ncreate table public.notes (id int);",
    },
    {
      given: "create function a.f(a int) returns int language sql as 'select 1';",
      sql: "create function a.f(a text) returns int language sql as 'select 1';",
    },
  ],
  *check({ file, catalogue }) {
    for (const entry of catalogue.all(kinds)) {
      if (entry.statement.file !== file) continue;
      const earlier = catalogue
        .all([entry.kind])
        .find(
          (other) =>
            other !== entry &&
            other.name === entry.name &&
            other.from <= entry.from &&
            other.until > entry.from,
        );
      if (!earlier || (earlier.from === entry.from && earlier.offset >= entry.offset)) continue;
      const { line } = lineAndColumn(earlier.statement.file.text, earlier.offset);
      yield {
        file,
        offset: entry.offset,
        problem: `The ${entry.kind} ${entry.name} is there already.`,
        remedy: `${earlier.statement.file.name}, line ${line}, makes it: change it there, or take another name.`,
      };
    }
  },
};
