import { readFile } from "node:fs/promises";
import type pg from "pg";

/** A foreign key as the catalogue has it. Its columns stand in the order of the key. */
export interface ForeignKey {
  name: string;
  schema: string;
  table: string;
  columns: string[];
  /** Whether a primary key or unique constraint covers exactly these columns. */
  isUnique: boolean;
  /** Whether one of the columns may be null, so that a row may have no target. */
  isNullable: boolean;
  /** Whether all of the columns are part of the table's primary key. */
  isPartOfPrimaryKey: boolean;
  targetSchema: string;
  targetTable: string;
  targetColumns: string[];
}

/** Every foreign key of the tables in `schemas`, by schema, table and name. */
export async function readForeignKeys(
  client: pg.ClientBase,
  schemas: readonly string[],
): Promise<ForeignKey[]> {
  const text = await readFile(new URL("foreign-keys.sql", import.meta.url), "utf8");
  const { rows } = await client.query<ForeignKey>(text, [schemas]);
  return rows;
}
