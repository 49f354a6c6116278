import { readFile } from "node:fs/promises";
import type pg from "pg";
import type { Scope } from "../project.ts";
import type { SchemaObject } from "./schema-object.ts";

/**
 * Roles that a hosted project has for the platform's own use. What they may do differs from
 * platform to platform and no migration sets it.
 */
const platformRoles = [
  "supabase_admin",
  "supabase_auth_admin",
  "supabase_storage_admin",
  "supabase_realtime_admin",
  "supabase_replication_admin",
  "supabase_functions_admin",
  "supabase_read_only_user",
  "supabase_etl_admin",
  "supabase_privileged_role",
  "dashboard_user",
  "pgbouncer",
];

/** Each answers with rows of kind, name, definition and parent, out of what `ours.sql` begins with. */
const queries = [
  ...["schemas", "tables", "columns", "constraints", "indexes", "views", "sequences", "functions"],
  ...["triggers", "types", "policies", "grants", "default-privileges", "publications", "roles"],
  ...["search-paths", "extensions"],
];
/** The same of tables that not every platform has. */
const optional = { buckets: "storage.buckets", "cron-jobs": "cron.job" };

interface Row {
  kind: string;
  name: string;
  definition: string;
  parent: string | null;
}

/**
 * Reads from the catalogues everything that migrations make: the project's schemas, and the
 * named objects outside of them (policies on Storage, buckets, cron jobs, the publication, the API
 * roles).
 * Reads in one snapshot, in a transaction of its own, so the client must not be inside another.
 */
export async function readSchema(client: pg.Client, scope: Scope): Promise<SchemaObject[]> {
  await client.query("begin isolation level repeatable read read only");
  try {
    return await readSchemaHere(client, scope);
  } finally {
    await client.query("rollback");
  }
}

/** The same within the caller's transaction, so that it sees what is not committed. */
export async function readSchemaHere(
  client: pg.Client,
  { schemas, jobs }: Scope,
): Promise<SchemaObject[]> {
  // With an empty path Postgres prints every name with its schema. One plan serves every reading.
  await client.query(
    "set local search_path = ''; set local plan_cache_mode = force_generic_plan; set local jit = off",
  );
  const { rows: there } = await client.query<{ file: string }>(
    "select k.key as file from json_each_text($1) as k where to_regclass(k.value) is not null",
    [JSON.stringify(optional)],
  );
  const files = [...queries, ...there.map(({ file }) => file).sort()];
  const { rows } = await client.query<Row>({
    name: `schema by ${files.length} queries`,
    text: await wholeQuery(files),
    values: [schemas, platformRoles, jobs],
  });
  return rows.map(toObject);
}

async function wholeQuery(files: readonly string[]): Promise<string> {
  const [ours = "", ...texts] = await Promise.all(
    ["ours", ...files].map((file) =>
      readFile(new URL(`queries/${file}.sql`, import.meta.url), "utf8"),
    ),
  );
  const parts = texts.map(
    (text) => `select kind, name, definition, parent::text from (\n${text}) as part`,
  );
  return `${ours}\n${parts.join("\nunion all\n")}`;
}

function toObject({ kind, name, definition: text, parent }: Row): SchemaObject {
  const definition = text.trimEnd();
  return parent === null ? { kind, name, definition } : { kind, name, definition, parent };
}
