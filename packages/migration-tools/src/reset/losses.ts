import type pg from "pg";
import { countRows } from "../command/row-count.ts";

/** The tables that a reset empties or drops, with their rows: those without rows are left out. */
export async function rowsToLose(client: pg.Client, schemas: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition
      and (
        n.nspname = any ($1)
        or (n.nspname, c.relname) in (('auth', 'users'), ('storage', 'objects'))
      )
    order by 1`,
    [schemas],
  );
  const losses: string[] = [];
  for (const { name } of rows) {
    const count = await countRows(client, name);
    if (count !== "0 rows") losses.push(`${name} with ${count}`);
  }
  return losses;
}
