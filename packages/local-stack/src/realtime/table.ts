import type { Sql } from "../sql/sql.ts";
import type { Relation } from "./replication.ts";

/** What the catalogue knows of a table, now. */
export interface Table {
  schema: string;
  name: string;
  /** Quoted, for SQL. */
  identifier: string;
  hasRowSecurity: boolean;
  /** In the order of the definition. */
  columns: Column[];
  /** Of the stream's columns, which may be older; quoted, `pg_catalog.text` where it is gone. */
  typeOf(column: string): string;
  /** What a role may see. Asked once per role. */
  rightsOf(role: string): Promise<Rights>;
}

export interface Column {
  name: string;
  /** e.g. `int4`, `_text`. */
  type: string;
  isKey: boolean;
}

export interface Rights {
  selectable: Set<string>;
  /** Row level security does not apply to the role. */
  bypassesRowSecurity: boolean;
}

/**
 * Reads tables from the catalogue and keeps them as long as the stream keeps its relation: it sends
 * another after any change of the table, its grants and its policies included.
 */
export function tableReader(sql: Sql): (relation: Relation) => Promise<Table | null> {
  const known = new WeakMap<Relation, Promise<Table | null>>();
  return (relation) => {
    const before = known.get(relation);
    if (before !== undefined) return before;
    const table = readTable(sql, relation);
    known.set(relation, table);
    table.catch(() => known.delete(relation));
    return table;
  };
}

async function readTable(sql: Sql, relation: Relation): Promise<Table | null> {
  const oid = relation.relationOid >>> 0;
  const typeOids = [...new Set(relation.columns.map(({ typeOid }) => typeOid >>> 0))];
  const [[found], columns, types] = await Promise.all([
    sql<{ identifier: string; row_security: boolean }>`
      select format('%I.%I', n.nspname, c.relname) as identifier, c.relrowsecurity as row_security
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      where c.oid = ${oid}::oid`,
    sql<{ name: string; type: string; is_key: boolean }>`
      select
        a.attname as name,
        t.typname as type,
        coalesce(a.attnum = any(i.indkey), false) as is_key
      from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
      where a.attrelid = ${oid}::oid and a.attnum > 0 and not a.attisdropped
      order by a.attnum`,
    sql<{ oid: string; identifier: string }>`
      select t.oid::text, format('%I.%I', n.nspname, t.typname) as identifier
      from pg_type t
      join pg_namespace n on n.oid = t.typnamespace
      where t.oid = any(string_to_array(${typeOids.join(",")}, ',')::oid[])`,
  ]);
  if (found === undefined) return null;
  const typeNames = new Map(types.map((type) => [Number(type.oid), type.identifier]));
  const typesByColumn = new Map(
    relation.columns.map(({ name, typeOid }) => [name, typeNames.get(typeOid >>> 0)]),
  );
  const rights = new Map<string, Promise<Rights>>();
  return {
    schema: relation.schema,
    name: relation.name,
    identifier: found.identifier,
    hasRowSecurity: found.row_security,
    columns: columns.map(({ name, type, is_key }) => ({ name, type, isKey: is_key })),
    typeOf: (column) => typesByColumn.get(column) ?? "pg_catalog.text",
    rightsOf(role) {
      const asked = rights.get(role) ?? readRights(sql, oid, role);
      rights.set(role, asked);
      asked.catch(() => rights.delete(role));
      return asked;
    },
  };
}

async function readRights(sql: Sql, oid: number, role: string): Promise<Rights> {
  const [[found], columns] = await Promise.all([
    sql<{ bypasses: boolean }>`
      select rolbypassrls or rolsuper as bypasses from pg_roles where rolname = ${role}`,
    sql<{ name: string }>`
      select attname as name
      from pg_attribute
      where attrelid = ${oid}::oid and attnum > 0 and not attisdropped
        and has_column_privilege(${role}::name, attrelid, attnum, 'select')`,
  ]);
  return {
    selectable: new Set(columns.map(({ name }) => name)),
    bypassesRowSecurity: found?.bypasses ?? false,
  };
}
