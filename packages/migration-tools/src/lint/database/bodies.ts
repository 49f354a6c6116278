import pg from "pg";
import { nodesIn, pickAll, relationsIn, typesIn, words } from "../source/ast.ts";
import { relationName } from "../source/names.ts";
import { readSource } from "../source/read-source.ts";
import { type Sql, sqlOf } from "../source/source-file.ts";
import type { DatabaseRule, Row } from "./database-rule.ts";

/**
 * PostgreSQL looks into a body when it runs: what a dropped table, column, function or unique
 * constraint leaves behind fails then.
 */
export const bodiesResolve: DatabaseRule = {
  id: "bodies-resolve",
  says: "What the body of a function names is there, and every `on conflict (…)` has its unique index or constraint.",
  why: "The function is created all the same, and fails when it runs; a trigger takes every write of its table with it.",
  remedy: "Mend the name, or make what the function needs.",
  find: brokenBodies,
};

/** Functions whose bodies name what is not there. Inside a transaction. */
async function brokenBodies(client: pg.Client, schemas: readonly string[]): Promise<Row[]> {
  const there = await readNames(client);
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select p.oid::regprocedure::text as name, pg_get_functiondef(p.oid) as definition
     from pg_proc as p
     join pg_namespace as n on n.oid = p.pronamespace
     join pg_language as l on l.oid = p.prolang
     where n.nspname = any ($1) and l.lanname in ('sql', 'plpgsql') and p.prokind in ('f', 'p')`,
    [schemas],
  );
  const broken: Row[] = [];
  for (const { name, definition } of rows) {
    const faults: string[] = [];
    for (const sql of statementsIn(definition)) {
      const unknown = namesIn(sql).filter((each) => !there.has(each));
      // Of a table that is missing, its columns need no word.
      const outer = unknown.filter((each) => !unknown.includes(each.replace(/\.[^.]+$/, "")));
      faults.push(...outer.map((each) => `names ${each}, which is not there`));
      for (const clause of conflictClauses(sql, definition)) {
        const refusal = await refusalOf(client, clause);
        if (refusal) faults.push(refusal);
      }
    }
    for (const fault of new Set(faults)) broken.push({ kind: "function", name, fault });
  }
  return broken;
}

// A draft is asked about before and after, and leaves most functions as they are.
const read = new Map<string, Sql[]>();

function statementsIn(definition: string): Sql[] {
  const known = read.get(definition);
  if (known) return known;
  const statements = readSource("function.sql", definition).statements.flatMap(sqlOf);
  read.set(definition, statements);
  return statements;
}

/** What there is: relations and types, `relation.column`, and functions with brackets behind. */
async function readNames(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(`
    select n.nspname || '.' || c.relname as name
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    union
    select n.nspname || '.' || t.typname
    from pg_type as t join pg_namespace as n on n.oid = t.typnamespace
    union
    select n.nspname || '.' || c.relname || '.' || a.attname
    from pg_attribute as a
    join pg_class as c on c.oid = a.attrelid
    join pg_namespace as n on n.oid = c.relnamespace
    where not a.attisdropped
    union
    select n.nspname || '.' || p.proname || '()'
    from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace`);
  return new Set(rows.map(({ name }) => name));
}

/** The qualified names in a statement; a bare function is Postgres' own. */
function namesIn({ node }: Sql): string[] {
  const relations = [...relationsIn(node)].filter(({ schemaname }) => schemaname);
  const types = [...typesIn(node)].map(({ names }) => words(names));
  const calls = [...nodesIn(node, "FuncCall")].map(({ funcname }) => words(funcname));
  const columns = [...nodesIn(node, "InsertStmt")].flatMap(({ relation, cols }) =>
    pickAll(cols, "ResTarget").map(({ name }) => `${relationName(relation)}.${name}`),
  );
  return [
    ...relations.map(relationName),
    ...types.filter(({ length }) => length > 1).map((parts) => parts.join(".")),
    ...calls.map((parts) => `${parts.length > 1 ? "" : "pg_catalog."}${parts.join(".")}()`),
    ...columns,
  ];
}

interface ConflictClause {
  table: string;
  /** `on conflict …` up to its `do`. */
  text: string;
}

function conflictClauses({ node, at }: Sql, text: string): ConflictClause[] {
  return [...nodesIn(node, "InsertStmt")].flatMap(({ relation, onConflictClause: clause }) => {
    if (!clause?.infer) return [];
    const [found] = /^on conflict.*?(?=\bdo\b)/is.exec(text.slice(at(clause.location))) ?? [];
    return found ? [{ table: quoted(relation), text: found }] : [];
  });
}

function quoted(relation: { schemaname?: string; relname?: string } | undefined): string {
  return [relation?.schemaname ?? "public", relation?.relname ?? ""]
    .map(pg.escapeIdentifier)
    .join(".");
}

/** What the planner says against an insert with this clause; null where it has nothing. */
async function refusalOf(
  client: pg.Client,
  { table, text }: ConflictClause,
): Promise<string | null> {
  await client.query("savepoint conflict");
  try {
    await client.query(`explain insert into ${table} default values ${text} do nothing`);
    return null;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    // A table or column that is missing is told by its name.
    if (error.code === "42P01") return null;
    return `says ${text.trim().replaceAll(/\s+/g, " ")} of ${table}: ${error.message}`;
  } finally {
    await client.query("rollback to savepoint conflict");
  }
}
