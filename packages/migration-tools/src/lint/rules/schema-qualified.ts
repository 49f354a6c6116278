import { sqlOf } from "../catalogue/catalogue.ts";
import { localNames, transitionNames } from "../catalogue/references.ts";
import type { Rule } from "../rule.ts";
import { type Node, nodesIn, pick, pickAll, relationsIn, typesIn, words } from "../source/ast.ts";
import { qualified } from "../source/names.ts";
import type { Sql } from "../source/source-file.ts";

export const schemaQualified: Rule = {
  id: "schema-qualified",
  says: "Every table, function and type of ours is named with its schema.",
  why: "Without it the search path decides which object is meant; in our functions that path is empty.",
  covers: "both",
  bad: [
    { sql: "create table notes (id int);", at: "notes" },
    {
      sql: "create function f() returns int language sql as $$ select 1 $$;",
      at: "create function",
    },
    {
      sql: "create function a.f() returns int language sql as $$\n  select id from notes\n$$;",
      at: "notes",
    },
    {
      sql: "create function a.f() returns void language plpgsql as $$\nbegin\n  delete from notes;\nend\n$$;",
      at: "notes",
    },
    {
      given: "create function public.g() returns int language sql as $$ select 1 $$;",
      sql: "create table public.a (id int default g());",
      at: "g()",
    },
    {
      given: "create type public.mood as enum ('x');",
      sql: "create table public.a (mood mood);",
      at: "mood)",
    },
    { sql: "drop table notes;", at: "drop" },
  ],
  good: [
    {
      sql: "create function a.f() returns int language sql as $$\n  with n as (select now()) select 1 from n join public.notes as o on true\n$$;",
    },
    {
      sql: "create trigger t after insert on a.b referencing new table as rows for each statement execute function a.f();\ncreate function a.f() returns trigger language plpgsql as $$\nbegin\n  perform 1 from rows;\n  return null;\nend\n$$;",
    },
  ],
  *check({ file, catalogue, project }) {
    const local = transitionNames(project.migrations);
    const ours = new Set(catalogue.all(["function", "type", "table"]).map(({ owner }) => owner));
    for (const statement of file.statements) {
      for (const sql of sqlOf(statement)) {
        for (const { name, offset } of bareNames(sql, local, ours)) {
          yield {
            file,
            offset,
            problem: `${name} is named without its schema.`,
            remedy: `Write ${qualified([name])}, or the schema it is in.`,
          };
        }
      }
    }
  },
};

function* bareNames(
  sql: Sql,
  local: Set<string>,
  ours: Set<string>,
): Generator<{ name: string; offset: number }> {
  const own = localNames(sql.node);
  for (const { schemaname, relname = "", location } of relationsIn(sql.node)) {
    if (!schemaname && !own.has(relname) && !local.has(relname))
      yield { name: relname, offset: sql.at(location) };
  }
  for (const { funcname, location } of nodesIn(sql.node, "FuncCall")) {
    const [name = "", ...rest] = words(funcname);
    if (rest.length === 0 && ours.has(`public.${name}`)) yield { name, offset: sql.at(location) };
  }
  for (const { names, location } of typesIn(sql.node)) {
    const [name = "", ...rest] = words(names);
    if (rest.length === 0 && ours.has(`public.${name}`)) yield { name, offset: sql.at(location) };
  }
  for (const parts of namedByStatement(sql.node)) {
    if (parts.length === 1) yield { name: parts[0] ?? "", offset: sql.start };
  }
}

/** Names that the tree keeps as plain words. */
function namedByStatement(node: Node): string[][] {
  const made = pick(node, "CreateFunctionStmt")?.funcname ?? pick(node, "CreateEnumStmt")?.typeName;
  const trigger = pick(node, "CreateTrigStmt")?.funcname;
  const dropped = pick(node, "DropStmt");
  const lists = /_(TABLE|VIEW|SEQUENCE|INDEX)$/.test(dropped?.removeType ?? "")
    ? pickAll(dropped?.objects, "List").map(({ items }) => words(items))
    : [];
  const routines = pickAll(dropped?.objects, "ObjectWithArgs").map(({ objname }) => words(objname));
  return [words(made), words(trigger), ...lists, ...routines].filter(({ length }) => length > 0);
}
