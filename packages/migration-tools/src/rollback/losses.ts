import type pg from "pg";
import { countRows } from "../command/row-count.ts";
import type { Undo } from "./plan.ts";

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
  return `${table} with ${await countRows(client, found[0].name)}`;
}
