/**
 * Embedding along foreign keys of several columns. The library joins by the first column alone
 * where a hint names the key, and answers with a list where such a key is one-to-one. Here the
 * request is changed before, and its answer after, so that both are as with PostgREST.
 */
import type { AnyAST, IntrospectResult } from "@supabase/lite";

type SelectEntry = NonNullable<AnyAST["select"]>[number];
type Joins = NonNullable<AnyAST["join"]>;

/** A foreign key, its columns in their order. */
export interface Key {
  name: string;
  table: string;
  target: string;
  columns: string[];
  targetColumns: string[];
}

interface Walk {
  keys: Key[];
  isUnique(key: Key): boolean;
  /** Names of embeddings, outermost first, whose answer is a list and should be an object. */
  lists: string[][];
}

/** Changes the request in place, where it embeds along such keys. */
export function joinByAllColumns(request: AnyAST, introspection: IntrospectResult): string[][] {
  const schema = request.schema ?? introspection.default_schema ?? "public";
  const keys = keysOf(introspection, schema);
  if (request.from === undefined || !keys.some(({ columns }) => columns.length > 1)) return [];
  const unique = [
    ...introspection.unique_constraints,
    ...introspection.primary_keys,
    ...introspection.indexes.filter((index) => index.unique),
  ].filter((constraint) => constraint.schema === schema);
  const walk: Walk = {
    keys,
    isUnique: ({ table, columns }) =>
      unique.some((one) => one.table === table && sameSet(one.columns, columns)),
    lists: [],
  };
  walkSelect(request.select ?? [], request.from, request.join ?? {}, [], walk);
  return walk.lists;
}

/** An answer in which the `lists` of at most one row are the row, or null. */
export async function withoutLists(response: Response, lists: string[][]): Promise<Response> {
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  if (lists.length === 0 || !response.ok || !isJson || response.body === null) return response;
  const body: unknown = await response.json();
  for (const path of lists) unwrap(body, path);
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return new Response(JSON.stringify(body), { status: response.status, headers });
}

function walkSelect(
  entries: SelectEntry[],
  parent: string,
  joins: Joins,
  path: string[],
  walk: Walk,
): void {
  for (const entry of entries) {
    if (typeof entry === "string") continue;
    for (const [name, part] of Object.entries(entry)) {
      if (!("select" in part)) continue;
      const join = joins[name];
      const target = join?.from ?? name;
      const inner = part.spread ? path : [...path, name];
      const found = walk.keys.filter((key) => connects(key, parent, target));
      const chosen = found.filter((key) => join?.hint === undefined || key.name === join.hint);
      const [key] = chosen;
      if (key !== undefined && chosen.length === 1 && key.columns.length > 1) {
        if (join?.hint !== undefined) {
          // Without a hint the library joins by all columns, but then the key must be the only one.
          if (found.length === 1) delete join.hint;
          else join.on = conditions(key);
        }
        if (key.table === target && walk.isUnique(key) && !part.spread) walk.lists.push(inner);
      }
      walkSelect(part.select ?? [], target, part.join ?? joins, inner, walk);
    }
  }
}

/** The foreign keys of one schema, as far as an embedding can follow them. */
export function keysOf({ foreign_keys }: IntrospectResult, schema: string): Key[] {
  const keys = new Map<string, Key>();
  for (const row of foreign_keys) {
    if (row.schema !== schema || row.foreign_key_name === undefined) continue;
    const id = JSON.stringify([row.table, row.foreign_key_name]);
    const key = keys.get(id) ?? {
      name: row.foreign_key_name,
      table: row.table,
      target: row.ref_table,
      columns: [],
      targetColumns: [],
    };
    key.columns.push(row.column);
    key.targetColumns.push(row.ref_column);
    keys.set(id, key);
  }
  return [...keys.values()];
}

function connects({ table, target }: Key, one: string, other: string): boolean {
  return (table === one && target === other) || (table === other && target === one);
}

function conditions({ table, target, columns, targetColumns }: Key): Record<string, unknown> {
  return Object.fromEntries(
    columns.map((column, place) => [
      `${table}.${column}`,
      { $eq: { $ref: `${target}.${targetColumns[place]}` } },
    ]),
  );
}

function sameSet(one: string[], other: string[]): boolean {
  return one.length === other.length && one.every((column) => other.includes(column));
}

function unwrap(value: unknown, [name, ...rest]: string[]): void {
  if (Array.isArray(value)) {
    for (const item of value) unwrap(item, name === undefined ? rest : [name, ...rest]);
    return;
  }
  if (!isRecord(value) || name === undefined) return;
  const inner = value[name];
  if (rest.length > 0) unwrap(inner, rest);
  else if (Array.isArray(inner)) value[name] = inner[0] ?? null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
