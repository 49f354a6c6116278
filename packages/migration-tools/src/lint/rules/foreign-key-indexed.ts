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
    {
      given: `${parent}\ncreate table public.parts (note_id int references public.notes (id));\ncreate index i on public.parts (note_id);`,
      sql: "drop index public.i;",
      at: "drop index",
    },
  ],
  good: [
    {
      given: `${parent}\ncreate table public.parts (note_id int references public.notes (id));\ncreate index i on public.parts (note_id);`,
      sql: "drop index public.i;\ncreate index j on public.parts (note_id);",
    },
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
    const end = catalogue.endOf(file);
    const indexes = catalogue.after(end, ["index"]);
    const dropped = file.statements.flatMap((statement) => {
      const moment = catalogue.momentOf(statement);
      const gone = catalogue.all(["index"]).filter(({ until }) => until === moment);
      return gone.map(({ owner, columns }) => ({ owner, first: columns[0], at: statement.start }));
    });
    const keys = catalogue.after(end, ["foreign key"]).flatMap((key) => {
      if (key.statement.file === file) return [key];
      const drop = dropped.find(
        ({ owner, first }) => owner === key.owner && key.columns.includes(first ?? null),
      );
      return drop ? [{ ...key, offset: drop.at }] : [];
    });
    for (const { owner, columns, offset } of keys) {
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
