import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type postgres from "postgres";

/** What `pg_dump --data-only` writes of these schemas, and of the accounts: tables, and sequences. */
export interface Rows {
  tables: { name: string; columns: string; copied: string }[];
  sequences: { name: string; value: string; isCalled: boolean }[];
}

const ours = ["public", "pipeline"];
const accounts = ["auth.users", "auth.identities"];

export async function readRows(sql: postgres.Sql): Promise<Rows> {
  return await sql.begin("isolation level repeatable read", async (tx) => {
    const tables = await tx<{ name: string; columns: string }[]>`
      select format('%I.%I', c.relnamespace::regnamespace, c.relname) as name,
        string_agg(quote_ident(a.attname), ', ') as columns
      from pg_class as c
      join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = ''
      where c.relkind in ('r', 'p') and (
        c.relnamespace::regnamespace::text = any(${ours}) or c.oid = any(${accounts}::regclass[])
      )
      group by c.oid`;
    const copied = [];
    for (const { name, columns } of tables) {
      const stream = await tx.unsafe(`copy (select ${columns} from ${name}) to stdout`).readable();
      copied.push({ name, columns, copied: await text(stream) });
    }
    const names = await tx<{ name: string }[]>`
      select format('%I.%I', c.relnamespace::regnamespace, c.relname) as name from pg_class as c
      where c.relkind = 'S' and c.relnamespace::regnamespace::text = any(${ours})`;
    const sequences = [];
    for (const { name } of names) {
      const [at] = await tx.unsafe(`select last_value::text as value, is_called from ${name}`);
      sequences.push({ name, value: String(at?.value), isCalled: at?.is_called === true });
    }
    return { tables: copied, sequences };
  });
}

/** As the runbook has `psql` do it: in one transaction, with no trigger and no foreign key. */
export async function writeRows(sql: postgres.Sql, rows: Rows): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    const names = rows.tables.map(({ name }) => name).join(", ");
    await tx.unsafe(`truncate ${names} cascade`);
    for (const { name, columns, copied } of rows.tables) {
      const into = await tx.unsafe(`copy ${name} (${columns}) from stdin`).writable();
      await pipeline(Readable.from([copied]), into);
    }
    for (const { name, value, isCalled } of rows.sequences) {
      await tx`select setval(${name}::regclass, ${value}::bigint, ${isCalled})`;
    }
    await tx`update pipeline.stages set enabled = false`;
  });
}
