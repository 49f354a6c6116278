import type { Rule } from "../rule.ts";

const parent = "create table public.notes (id int primary key);";

export const foreignKeyIndexed: Rule = {
  id: "foreign-key-indexed",
  says: "Every foreign key has an index that begins with its columns.",
  why: "Deleting a parent looks for its children; without an index that reads the whole table, locked.",
  covers: "migrations",
  bad: [
    {
      given: parent,
      sql: "create table public.parts (id int, note_id int references public.notes (id));",
      at: "references",
    },
    {
      given: parent,
      sql: "create table public.parts (id int, note_id int references public.notes (id));\ncreate index i on public.parts (id, note_id);\ncreate index j on public.parts (note_id) where id > 5;",
      at: "references",
    },
    {
      given: `${parent}\ncreate table public.parts (id int, note_id int);`,
      sql: "alter table public.parts add constraint k foreign key (note_id) references public.notes (id);",
      at: "constraint k",
    },
  ],
  good: [
    {
      given: parent,
      sql: "create table public.parts (id int, note_id int references public.notes (id));\ncreate index i on public.parts (note_id, id);",
    },
    {
      given: parent,
      sql: "create table public.parts (note_id int primary key references public.notes (id));",
    },
    {
      given: parent,
      sql: "create table public.parts (a int, b int, foreign key (a, b) references public.x (a, b), unique (b, a));",
    },
  ],
  *check({ file, catalogue }) {
    const indexes = catalogue.after(catalogue.endOf(file), ["index"]);
    for (const { owner, columns, offset } of catalogue.madeIn(file, ["foreign key"])) {
      const isIndexed = indexes.some((index) => {
        const first = new Set(index.columns.slice(0, columns.length));
        return (
          index.owner === owner &&
          index.condition === "" &&
          columns.every((name) => first.has(name))
        );
      });
      if (isIndexed) continue;
      yield {
        file,
        offset,
        problem: `No index of ${owner} begins with ${columns.join(", ")}.`,
        remedy: `Add: create index … on ${owner} (${columns.join(", ")});`,
      };
    }
  },
};
