import type postgres from "postgres";

/** Who asks for rows that belong to `owner`. */
export interface Actors {
  owner: string;
  /** Has no rows at all. */
  another: string;
}

type Who = "anonymous" | "owner" | "another user" | "secret key";
const verbs = ["read", "add", "change", "delete"] as const;
type Verb = (typeof verbs)[number];

interface Relation {
  schema: string;
  name: string;
  isView: boolean;
  isPublished: boolean;
}

/** A line for each table and view there is: what each actor may do to the owner's rows. */
export async function accessTable(sql: postgres.Sql, actors: Actors): Promise<string[]> {
  const relations = await sql<Relation[]>`
    select n.nspname as schema, c.relname as name, c.relkind = 'v' as "isView",
      exists (
        select from pg_publication_tables as p where p.pubname = 'supabase_realtime'
          and p.schemaname = n.nspname and p.tablename = c.relname
      ) as "isPublished"
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('public', 'pipeline') and c.relkind in ('r', 'p', 'v')
      -- Of the machine itself: a view a stage.
      and not (n.nspname = 'pipeline' and c.relname like '%\\_items')
    order by n.nspname desc, c.relname`;
  const lines: string[] = [];
  for (const relation of relations) {
    const cells: string[] = [];
    for (const who of ["owner", "another user", "secret key"] as const) {
      cells.push((await allowed(sql, relation, who, actors)).join(", ") || "–");
    }
    const nobody = await allowed(sql, relation, "anonymous", actors);
    if (nobody.length > 0) cells.push(`anonymous: ${nobody.join(", ")}`);
    const told = relation.isPublished ? "own" : "–";
    const name = relation.schema === "public" ? relation.name : `pipeline.${relation.name}`;
    lines.push(`| \`${name}\` | ${[...cells, told].join(" | ")} |`);
  }
  return lines;
}

async function allowed(
  sql: postgres.Sql,
  relation: Relation,
  who: Who,
  actors: Actors,
): Promise<Verb[]> {
  const found: Verb[] = [];
  for (const verb of verbs) {
    if (await may(sql, relation, who, actors, verb)) found.push(verb);
  }
  return found;
}

const privileges = { read: "select", add: "insert", change: "update", delete: "delete" } as const;

async function may(
  sql: postgres.Sql,
  { schema, name, isView }: Relation,
  who: Who,
  { owner, another }: Actors,
  verb: Verb,
): Promise<boolean> {
  const role =
    who === "secret key" ? "service_role" : who === "anonymous" ? "anon" : "authenticated";
  const columns = await columnsFor(sql, schema, name, role, privileges[verb]);
  if (columns.length === 0) return false;
  // Under no policy: what it is granted it may.
  if (who === "secret key") return true;
  const table = sql`${sql(schema)}.${sql(name)}`;
  const [sample] = isView ? [] : await ownersRow(sql, schema, name, owner);
  if (!isView && sample === undefined) {
    throw new Error(
      `no row of ${name}: add one to packages/proving-ground/src/support/sample-rows.ts`,
    );
  }
  const claims = {
    role,
    sub: who === "anonymous" ? undefined : who === "owner" ? owner : another,
  };
  const list = sql(columns);
  const attempt = async (tx: postgres.TransactionSql) => {
    await tx`select set_config('request.jwt.claims', ${JSON.stringify(claims)}, true)`;
    await tx`set local role ${sql(role)}`;
    if (verb === "read") return (await tx`select ${list} from ${table}`).count;
    if (verb === "delete") return (await tx`delete from ${table}`).count;
    if (verb === "change") {
      const [column = ""] = columns;
      return (await tx`update ${table} set ${sql(column)} = ${sql(column)}`).count;
    }
    const row = JSON.stringify(sample?.row);
    // Whose it is says the default: it would be their own.
    if (who !== "owner" && row.includes('"user_id"') && !columns.includes("user_id")) return 0;
    return (
      await tx`insert into ${table} (${list})
        select ${list} from jsonb_populate_record(null::${table}, ${row}::text::jsonb)`
    ).count;
  };
  const outcome = await rolledBack(sql, attempt);
  if (typeof outcome === "string") {
    // The owner was refused for another reason than rights; others by what stands in for them, such
    // as a foreign key that names the owner, but for a row that is there already.
    return verb !== "read" && (who === "owner" ? outcome !== "42501" : outcome === "23505");
  }
  return outcome > 0 || (isView && who === "owner");
}

/** @returns what the work returned, or the SQLSTATE that it was refused with */
async function rolledBack(
  sql: postgres.Sql,
  work: (tx: postgres.TransactionSql) => Promise<number>,
): Promise<number | string> {
  const undone = new Error("rolled back on purpose");
  let outcome: number | string = "";
  await sql
    .begin(async (tx) => {
      outcome = await work(tx);
      throw undone;
    })
    .catch((error: unknown) => {
      if (error === undone) return;
      outcome = error instanceof Error && "code" in error ? String(error.code) : "";
    });
  return outcome;
}

async function columnsFor(
  sql: postgres.Sql,
  schema: string,
  name: string,
  role: string,
  privilege: string,
): Promise<string[]> {
  const table = `${schema}.${name}`;
  if (privilege === "delete") {
    const [row] = await sql<{ may: boolean }[]>`
      select has_schema_privilege(${role}, ${schema}, 'usage')
        and has_table_privilege(${role}, ${table}, 'delete') as may`;
    return row?.may ? ["*"] : [];
  }
  const rows = await sql<{ name: string }[]>`
    select attname as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped
      and (${privilege} = 'select' or (attidentity = '' and attgenerated = ''))
      and has_schema_privilege(${role}, ${schema}, 'usage')
      and has_column_privilege(${role}, attrelid, attnum, ${privilege})
    order by attnum`;
  return rows.map((row) => row.name);
}

/** A row that is the owner's, or whoever's where nobody owns them. */
function ownersRow(sql: postgres.Sql, schema: string, name: string, owner: string) {
  return sql<{ row: unknown }[]>`
    select to_jsonb(t) as row from ${sql(schema)}.${sql(name)} as t
    order by to_jsonb(t) ->> 'user_id' = ${owner} desc nulls last limit 1`;
}
