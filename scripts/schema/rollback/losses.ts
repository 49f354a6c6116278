import type pg from "pg";
import type { Undo } from "./plan.ts";

/** Rows are counted up to here, so that showing a plan never reads a large table to its end. */
const mostCounted = 100_000;

/** What goes with an undo, in words: `public.clips with 12 rows`, `column public.jobs.note`. */
export async function lossesOf(client: pg.Client, { sql }: Undo): Promise<string[]> {
  const code = sql.replaceAll(/--.*$/gm, "");
  const losses: string[] = [];
  for (const [, list = ""] of code.matchAll(/^\s*drop\s+table\s+([^;]+);/gim)) {
    for (const table of list.replace(/\s+(cascade|restrict)\s*$/i, "").split(",")) {
      losses.push(await rowsOf(client, table.trim()));
    }
  }
  for (const [, table = "", actions = ""] of code.matchAll(
    /^\s*alter\s+table\s+([\w."]+)\s([^;]*);/gim,
  )) {
    for (const [, column = ""] of actions.matchAll(/\bdrop\s+column\s+([\w"]+)/gi)) {
      losses.push(`column ${table}.${column}`);
    }
  }
  return losses;
}

async function rowsOf(client: pg.Client, table: string): Promise<string> {
  const { rows: found } = await client.query<{ name: string | null }>(
    "select to_regclass($1)::text as name",
    [table],
  );
  if (typeof found[0]?.name !== "string") return `${table}, which is not there`;
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from (select from ${found[0].name} limit $1) as counted`,
    [mostCounted + 1],
  );
  const count = rows[0]?.count ?? 0;
  if (count > mostCounted) return `${table} with more than ${mostCounted} rows`;
  return `${table} with ${count === 1 ? "1 row" : `${count} rows`}`;
}
