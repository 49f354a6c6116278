import type pg from "pg";

/** Rows are counted up to here, so that showing what goes never reads a large table to its end. */
const mostCounted = 100_000;

/**
 * How many rows a table has, for people: `1 row`, `more than 100000 rows`.
 * @param table as `regclass` prints it
 */
export async function countRows(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from (select from ${table} limit $1) as counted`,
    [mostCounted + 1],
  );
  const count = rows[0]?.count ?? 0;
  if (count > mostCounted) return `more than ${mostCounted} rows`;
  return count === 1 ? "1 row" : `${count} rows`;
}
