import pg from "pg";
import { isConnectionError } from "../sql/connection-error.ts";
import type { Sql } from "../sql/sql.ts";
import type { Identity } from "./identity.ts";
import type { Tuple } from "./replication.ts";
import type { Table } from "./table.ts";

/** `failed`: a policy could not be evaluated for this reader. */
export type Visibility = "visible" | "hidden" | "failed";

/**
 * Which of the rows an identity may read at this moment, found by their primary keys as that
 * identity itself: its role and claims, and with them every policy, apply.
 */
export async function probeRows(
  sql: Sql,
  table: Table,
  rows: Tuple[],
  identity: Identity,
): Promise<Visibility[]> {
  try {
    const visible = await visibleIndexes(sql, table, rows, identity);
    return rows.map((_, index) => (visible.has(index) ? "visible" : "hidden"));
  } catch (error) {
    if (!isSqlError(error)) throw error;
    if (rows.length === 1) return ["failed"];
    // One row may fail without the others.
    const single = rows.map((row) => probeRows(sql, table, [row], identity));
    return (await Promise.all(single)).flat();
  }
}

async function visibleIndexes(
  sql: Sql,
  table: Table,
  rows: Tuple[],
  { role, claims }: Identity,
): Promise<Set<number>> {
  const keys = table.columns.filter(({ isKey }) => isKey).map(({ name }) => name);
  const matches = keys.map(
    (key, index) => `x.${quoted(key)} = (k.value ->> ${index})::${table.typeOf(key)}`,
  );
  const query = `
    select k.ordinality::int - 1 as index
    from jsonb_array_elements($1::text::jsonb) with ordinality as k
    where exists (select from ${table.identifier} as x where ${matches.join(" and ")})`;
  const values = JSON.stringify(rows.map((row) => keys.map((key) => row[key] ?? null)));
  const found = await sql.begin(async (tx) => {
    await tx`
      select set_config('role', ${role}, true), set_config('request.jwt.claims', ${claims}, true)`;
    const { rows: visible } = await tx.run<{ index: number }>(query, [values], true);
    return visible;
  });
  return new Set(found.map(({ index }) => index));
}

/** A refusal of the statement itself. */
function isSqlError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !isConnectionError(error);
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
