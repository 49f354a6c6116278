import {
  columnOf,
  list,
  literal,
  name,
  type Part,
  part,
  qualified,
  raw,
} from "../sql/statement.ts";
import { primaryKeyOf, type Relation } from "./catalog.ts";
import { comparisonSql, conditionSql } from "./conditions.ts";
import { Refusal } from "./errors.ts";
import type { Condition } from "./query.ts";
import { writerOf } from "./read-sql.ts";

/** A change of one table; its rows are one JSON document, whatever their number. */
export interface Mutation {
  relation: Relation;
  kind: "insert" | "update" | "delete";
  body: string;
  /** Columns that are written; the body's own when not given. */
  columns: string[] | null;
  conditions: Condition[];
  isDefaulted: boolean;
  resolution: "merge-duplicates" | "ignore-duplicates" | null;
  onConflict: string[] | null;
}

/** @param returned columns of its rows that are read on; none where nobody asks */
export function mutationSql(mutation: Mutation, returned: string[] | null): Part {
  const { relation, kind, conditions } = mutation;
  const table = qualified(relation);
  const shown = returned?.map((column) => columnOf(relation.name, column));
  const isMerge = mutation.resolution === "merge-duplicates" && relation.isTable;
  const counted = [
    ...(shown ?? [columnOf(relation.name, "*")]),
    ...(isMerge ? [part`xmax = 0 as pgrst_inserted`] : []),
  ];
  const returning = part` returning ${counted.length === 0 ? raw("1") : list(counted)}`;
  const write = writerOf({ alias: relation.name, relation });
  const filters = conditions.map((one) => conditionSql(one, (each) => comparisonSql(each, write)));
  const where = filters.length === 0 ? raw("") : part` where ${list(filters, " and ")}`;
  if (kind === "delete") {
    requireConditions(mutation);
    return part`delete from ${table}${where}${returning}`;
  }

  const rows = rowsOf(mutation.body);
  const columns = writtenColumns(mutation, rows);
  const names = list(columns.map(name));
  if (kind === "update") {
    if (columns.length === 0) return noRows(mutation, returned);
    requireConditions(mutation);
    const changes = columns.map(
      (column) => part`${name(column)} = ${columnOf("pgrst_body", column)}`,
    );
    return part`update ${table} set ${list(changes)} from (select * from ${bodySql(mutation, columns)} limit 1) as pgrst_body${where}${returning}`;
  }
  if (rows.length === 0) return noRows(mutation, returned);
  if (columns.length === 0) {
    return part`insert into ${table} select from generate_series(1, ${rows.length})${returning}`;
  }
  const from = bodySql(mutation, columns);
  return part`insert into ${table} (${names}) select ${names} from ${from}${conflictSql(mutation, columns)}${returning}`;
}

/** What the module `safeupdate`, which hosted loads for the Data API, says of a whole table. */
function requireConditions({ kind, conditions }: Mutation): void {
  if (conditions.length > 0) return;
  const message = `${kind.toUpperCase()} requires a WHERE clause`;
  throw new Refusal(400, { code: "21000", message });
}

/** An insert of nothing returns nothing. */
function noRows({ relation }: Mutation, returned: string[] | null): Part {
  const shown = returned === null ? [raw("*")] : returned.map(name);
  const columns = shown.length === 0 ? raw("1") : list(shown);
  return part`select ${columns} from ${qualified(relation)} where false`;
}

function conflictSql({ relation, resolution, onConflict }: Mutation, columns: string[]): Part {
  const target = onConflict ?? primaryKeyOf(relation);
  if (resolution === null || target.length === 0) return raw("");
  const conflict = part` on conflict (${list(target.map(name))}) do `;
  if (resolution === "ignore-duplicates") return part`${conflict}nothing`;
  const changes = columns.map((column) => part`${name(column)} = ${columnOf("excluded", column)}`);
  return part`${conflict}update set ${list(changes)}`;
}

/** The body as rows; what a row lacks is null or, where asked for, its default. */
function bodySql({ relation, body, isDefaulted }: Mutation, columns: string[]): Part {
  const known = columns.flatMap((column) => relation.columns.filter((one) => one.name === column));
  const types = list(known.map((column) => part`${name(column.name)} ${raw(column.type)}`));
  const document = body.trimStart().startsWith("[") ? body : `[${body}]`;
  const defaults = known.flatMap((column) =>
    column.default === null ? [] : [part`${literal(column.name)}, ${raw(column.default)}`],
  );
  if (!isDefaulted || defaults.length === 0) {
    return part`json_to_recordset(${document}::json) as pgrst_rows (${types})`;
  }
  return part`json_to_recordset((select json_agg(jsonb_build_object(${list(defaults)}) || pgrst_row) from jsonb_array_elements(${document}::jsonb) as pgrst_row)) as pgrst_rows (${types})`;
}

function writtenColumns({ relation, columns }: Mutation, rows: object[]): string[] {
  const [first, ...others] = rows.map(Object.keys);
  const own = first ?? [];
  if (columns === null && others.some((keys) => !sameSet(keys, own))) {
    throw new Refusal(400, { code: "PGRST102", message: "All object keys must match" });
  }
  const written = columns ?? own;
  const unknown = written.find((one) => !relation.columns.some((column) => column.name === one));
  if (unknown === undefined) return written;
  throw new Refusal(400, {
    code: "PGRST204",
    message: `Could not find the '${unknown}' column of '${relation.name}' in the schema cache`,
  });
}

/** @throws Refusal PGRST102 where the body is no object and no list of objects */
export function rowsOf(body: string): object[] {
  const refusal = new Refusal(400, { code: "PGRST102", message: "Empty or invalid json" });
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw refusal;
  }
  const rows: unknown[] = Array.isArray(value) ? value : [value];
  return rows.map((row) => {
    if (typeof row !== "object" || row === null || Array.isArray(row)) throw refusal;
    return row;
  });
}

function sameSet(one: string[], other: string[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item));
}
