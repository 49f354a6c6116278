import { z } from "zod";
import type { Queries, Sql } from "../sql/sql.ts";
import type { QualifiedName } from "../sql/statement.ts";
import * as queries from "./catalog-queries.ts";

const qualifiedName = z.object({ schema: z.string(), name: z.string() });

const relationShape = qualifiedName.extend({
  id: z.number(),
  isView: z.boolean(),
  /** An ordinary one: neither a view nor partitioned nor foreign. */
  isTable: z.boolean(),
  columns: z.array(
    z.object({
      name: z.string(),
      number: z.number(),
      type: z.string(),
      default: z.string().nullable(),
    }),
  ),
  keys: z.array(z.object({ isPrimary: z.boolean(), columns: z.array(z.string()) })),
  query: z.string().nullable(),
});
export type Relation = z.infer<typeof relationShape>;

const foreignKeyShape = z.object({
  name: z.string(),
  table: qualifiedName,
  target: qualifiedName,
  columns: z.array(z.string()),
  targetColumns: z.array(z.string()),
});
type ForeignKey = z.infer<typeof foreignKeyShape>;

const routineShape = qualifiedName.extend({
  isSet: z.boolean(),
  /** At most one row comes back: no set, or one declared with `rows 1`. */
  isOneRow: z.boolean(),
  isVoid: z.boolean(),
  isStable: z.boolean(),
  isComposite: z.boolean(),
  settings: z.array(z.string()),
  /** The table or type whose rows it returns. */
  relation: qualifiedName.nullable(),
  /** Names of what `returns table (…)` or out parameters return. */
  fields: z.array(z.string()),
  parameters: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      isRequired: z.boolean(),
      isVariadic: z.boolean(),
      relation: qualifiedName.nullable(),
    }),
  ),
});
export type Routine = z.infer<typeof routineShape>;

/** Role, name, value, and whether any session may set it. */
const settingsShape = z.array(z.tuple([z.string(), z.string(), z.string(), z.boolean()]));

/** What the Data API knows of the database. */
export interface Catalog {
  relations: Map<string, Relation>;
  foreignKeys: ForeignKey[];
  routines: Routine[];
  /** What `alter role … set …` gave a role, by role and name. */
  setting(role: string, name: string): string | undefined;
  /** Those that hold for a request in this role: of the role that logs in, then its own. */
  settingsOf(role: string): Record<string, string>;
}

export function nameId({ schema, name }: QualifiedName): string {
  return JSON.stringify([schema, name]);
}

export function sameName(one: QualifiedName, other: QualifiedName): boolean {
  return one.schema === other.schema && one.name === other.name;
}

export function primaryKeyOf({ keys }: Relation): string[] {
  return keys.find((key) => key.isPrimary)?.columns ?? [];
}

/** @param sql any role may read the catalog */
export async function readCatalog(sql: Sql, schemas: readonly string[]): Promise<Catalog> {
  return await sql.begin(async (tx) => {
    // Types and defaults are then printed with their schemas.
    await tx.run("set local search_path = ''");
    return await read(tx, schemas);
  });
}

async function read(sql: Queries, schemas: readonly string[]): Promise<Catalog> {
  const ask = async (query: string, values: unknown[] = []): Promise<unknown> => {
    const { rows } = await sql.run<{ document: string }>(query, values);
    return JSON.parse(rows[0]?.document ?? "null");
  };
  const relations = z.array(relationShape).parse(await ask(queries.relationsQuery));
  const keys = z.array(foreignKeyShape).parse(await ask(queries.foreignKeysQuery));
  const routines = z.array(routineShape).parse(await ask(queries.routinesQuery, [schemas]));
  const settings = settingsShape.parse(await ask(queries.settingsQuery));
  const given = new Map(
    settings.map(([role, name, value]) => [JSON.stringify([role, name]), value]),
  );
  const settable = (wanted: string) =>
    settings.flatMap(([role, name, value, isSettable]) =>
      isSettable && role === wanted ? [[name, value]] : [],
    );
  return {
    ...withViews(relations, keys),
    routines,
    setting: (role, name) => given.get(JSON.stringify([role, name])),
    settingsOf: (role) => Object.fromEntries([...settable("authenticator"), ...settable(role)]),
  };
}

/** Where a view's column comes from, by the number of both columns. */
interface Origin {
  number: number;
  tableId: number;
  tableColumn: number;
}

/**
 * Views have the keys of the tables that they read, as far as they show all columns of a key:
 * `projects` can be embedded in a view of `tasks` as in the table.
 */
function withViews(
  all: Relation[],
  foreignKeys: ForeignKey[],
): { relations: Map<string, Relation>; foreignKeys: ForeignKey[] } {
  const byId = new Map(all.map((relation) => [relation.id, relation]));
  const views = all.filter(({ isView }) => isView);
  /** Of each table's columns: the views that show them, and under which names. */
  const shown = views.map((view) => ({ view, columns: columnsOf(view) }));

  for (const { view, columns } of shown) {
    for (const tableId of new Set(columns.map((column) => column.tableId))) {
      for (const key of byId.get(tableId)?.keys ?? []) {
        const names = renamed(columns, tableId, key.columns);
        if (names !== null) view.keys.push({ ...key, columns: names });
      }
    }
  }
  const relations = new Map(all.map((relation) => [nameId(relation), relation]));
  const placesOf = (table: QualifiedName, columns: string[]) => {
    const id = relations.get(nameId(table))?.id;
    const places = shown.flatMap(({ view, columns: own }) => {
      const names = id === undefined ? null : renamed(own, id, columns);
      return names === null
        ? []
        : [{ table: { schema: view.schema, name: view.name }, columns: names }];
    });
    return [{ table, columns }, ...places];
  };
  return {
    relations,
    foreignKeys: foreignKeys.flatMap((key) =>
      placesOf(key.table, key.columns).flatMap((from) =>
        placesOf(key.target, key.targetColumns).map((to) => ({
          name: key.name,
          table: from.table,
          columns: from.columns,
          target: to.table,
          targetColumns: to.columns,
        })),
      ),
    ),
  };

  /** Through views of views down to tables. */
  function columnsOf(view: Relation): { name: string; tableId: number; column: string }[] {
    return originsOf(view.query ?? "").flatMap(({ number, tableId, tableColumn }) => {
      const name = view.columns.find((column) => column.number === number)?.name;
      const table = byId.get(tableId);
      const column = table?.columns.find((one) => one.number === tableColumn)?.name;
      if (name === undefined || table === undefined || column === undefined) return [];
      if (!table.isView) return [{ name, tableId, column }];
      return columnsOf(table)
        .filter((inner) => inner.name === column)
        .map((inner) => ({ ...inner, name }));
    });
  }
}

function renamed(
  shown: { name: string; tableId: number; column: string }[],
  tableId: number,
  columns: string[],
): string[] | null {
  const names = columns.flatMap((column) => {
    const found = shown.find((one) => one.tableId === tableId && one.column === column);
    return found === undefined ? [] : [found.name];
  });
  return names.length === columns.length ? names : null;
}

/** The target list of the outermost query in Postgres' printed parse tree, `({QUERY …})`. */
function originsOf(tree: string): Origin[] {
  const origins: Origin[] = [];
  let depth = 0;
  // Braces and parentheses nest; those in names are escaped with a backslash.
  for (const [word, , number, tableId, tableColumn] of tree.matchAll(
    /\\.|[{}()]|(:resno (\d+) :resname (?:\\.|[^ ])* :ressortgroupref \d+ :resorigtbl (\d+) :resorigcol (\d+))/g,
  )) {
    if (word === "{" || word === "(") depth++;
    else if (word === "}" || word === ")") depth--;
    else if (number !== undefined && depth === targetDepth) {
      origins.push({
        number: Number(number),
        tableId: Number(tableId),
        tableColumn: Number(tableColumn),
      });
    }
  }
  return origins;
}

/** `( {QUERY … ( {TARGETENTRY` of the outermost query. */
const targetDepth = 4;
