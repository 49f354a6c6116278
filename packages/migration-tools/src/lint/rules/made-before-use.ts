import { type Catalogue, type Entry, sqlOf } from "../catalogue/catalogue.ts";
import {
  columnReferences,
  objectReferences,
  type Reference,
  referencesIn,
  transitionNames,
} from "../catalogue/references.ts";
import type { Problem } from "../finding.ts";
import type { Rule } from "../rule.ts";
import { lineAndColumn } from "../source/places.ts";
import type { Statement } from "../source/source-file.ts";

export const madeBeforeUse: Rule = {
  id: "made-before-use",
  says: "A statement names only what statements before it have made.",
  why: "Statements in the wrong order fail, or with `if exists` do nothing and nobody hears of it.",
  covers: "both",
  bad: [
    {
      sql: "create function public.f(item public.a) returns int language sql as $$ select 1 $$;",
      at: "public.a",
    },
    {
      sql: 'drop policy "owners read" on public.ai_analyses;\ncreate table public.ai_analyses (id int);',
      at: "drop policy",
    },
    { sql: "drop table ai_analyses;", at: "drop table" },
    {
      sql: "create index i on public.notes (id);\ncreate table public.notes (id int);",
      at: "public.notes",
    },
    {
      given: "create table public.notes (id int);",
      sql: "create index i on public.notes (titel);",
      at: "public.notes",
    },
    {
      given: "create table public.notes (id int);",
      sql: "comment on column public.notes.titel is 'x';",
      at: "comment",
    },
    { sql: "create table public.a (b_id int references public.b (id));", at: "public.b" },
    {
      given: "create table public.notes (id int);",
      sql: "create policy p on public.notes using (public.is_owner(id));",
      at: "public.is_owner",
    },
    {
      sql: "create trigger t before insert on public.notes execute function public.f();",
      at: "create trigger",
    },
    {
      sql: "create function public.f() returns int language sql as $$\n  select id from public.notes\n$$;",
      at: "public.notes",
    },
    {
      sql: "create function public.f() returns void language plpgsql as $$\nbegin\n  perform public.g();\nend\n$$;",
      at: "public.g()",
    },
    {
      given: "create table public.notes (id int);",
      sql: "insert into public.notes (titel) values ('x');",
      at: "titel",
    },
    {
      given: "create table public.notes (id int);",
      sql: "grant update (titel) on table public.notes to authenticated;",
      at: "grant",
    },
    { sql: "create table nowhere.notes (id int);", at: "create table" },
  ],
  good: [
    { sql: "create materialized view public.v as select 1 as one;" },
    {
      sql: "create view public.v as select 1 as one, now() union select 2, now();\ncomment on column public.v.one is 'x';\ncomment on column public.v.now is 'x';",
    },
    {
      given: "create table public.a (id int);",
      sql: "create function public.f(item public.a) returns setof public.a language sql as $$ select 1 $$;",
    },
    {
      sql: "create table public.a (id int primary key, a_id int references public.a (id));\ncreate index i on public.a (a_id);\ncomment on column public.a.id is 'x';",
    },
    {
      sql: "create table public.a (id int references auth.users (id), at timestamptz default now());",
    },
    {
      sql: "create function public.f() returns void language plpgsql as $$\nbegin\n  perform public.g();\nend\n$$;\ncreate function public.g() returns void language sql as $$ select 1 $$;",
    },
    {
      sql: "create function public.f() returns int language sql as $$\n  with a as (select 1 as id) select id from a\n$$;",
    },
    {
      given: "create table public.a (id int generated always as identity);",
      sql: "revoke all on sequence public.a_id_seq from anon;",
    },
  ],
  *check({ file, catalogue, project }) {
    if (!catalogue.isComplete) return;
    const local = transitionNames(project.migrations);
    for (const statement of file.statements) {
      const seen = new Set<string>();
      for (const { reference, known } of referencesOf(statement, catalogue, local)) {
        if (seen.has(reference.name) || known.some((entry) => fits(entry, reference))) continue;
        // Of a table that is missing, its columns need no word.
        if (seen.has(reference.name.split(".").slice(0, -1).join("."))) continue;
        seen.add(reference.name);
        yield { file, ...explain(reference, catalogue) };
      }
    }
  },
};

interface Need {
  reference: Reference;
  /** What is there by the time it is needed. */
  known: Entry[];
}

function* referencesOf(
  statement: Statement,
  catalogue: Catalogue,
  local: Set<string>,
): Generator<Need> {
  const moment = catalogue.momentOf(statement);
  for (const sql of sqlOf(statement)) {
    const isLate = sql !== statement && statement.body?.language === "plpgsql";
    for (const reference of [
      ...(sql === statement
        ? [...schemaReference(statement, catalogue), ...objectReferences(statement)]
        : []),
      ...referencesIn(sql, local),
      ...columnReferences(sql),
    ]) {
      // PL/pgSQL looks names up when it runs; a table's own columns come with the table.
      const known = isLate
        ? catalogue.after(catalogue.endOf(), reference.kinds)
        : reference.kinds.includes("column")
          ? catalogue
              .all(reference.kinds)
              .filter(({ from, until }) => from <= moment && until >= moment)
          : catalogue.before(moment, reference.kinds);
      yield { reference, known };
    }
  }
}

/** The schema of whatever the statement makes. */
function schemaReference(statement: Statement, catalogue: Catalogue): Reference[] {
  const moment = catalogue.momentOf(statement);
  const made = catalogue
    .all(["table", "view", "function", "type", "sequence"])
    .filter(({ from }) => from === moment);
  return made.flatMap(({ name }) => {
    const schema = name.split(".")[0] ?? "";
    return schema === "public"
      ? []
      : [{ kinds: ["schema"], name: schema, offset: statement.start }];
  });
}

function fits(entry: Entry, { name, kinds }: Reference): boolean {
  if (entry.name === name || (kinds.includes("function") && entry.owner === name)) return true;
  return entry.kind === "column" && entry.columns[0] === "*" && name.startsWith(`${entry.owner}.`);
}

function explain(reference: Reference, catalogue: Catalogue): Omit<Problem, "file"> {
  const { kinds, name, offset } = reference;
  const what = `${kinds[0]} ${name}`;
  const later = catalogue.all(kinds).find((entry) => fits(entry, reference));
  if (!later) {
    return {
      offset,
      problem: `There is no ${what} here, and no migration makes one.`,
      remedy: "Make it first, or mend the name.",
    };
  }
  const { file } = later.statement;
  const { line } = lineAndColumn(file.text, later.offset);
  const place = `${file.name}, line ${line}`;
  return Number.isFinite(later.until)
    ? {
        offset,
        problem: `There is no ${what} here any more.`,
        remedy: `It was made in ${place}: use it before it goes.`,
      }
    : {
        offset,
        problem: `There is no ${what} here yet.`,
        remedy: `It is made in ${place}: move this below it.`,
      };
}
