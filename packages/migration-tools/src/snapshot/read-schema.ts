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

/** Each file answers with rows of kind, name, definition and parent. */
const queries: { file: string; needs?: string; parameters?(scope: Scope): unknown[] }[] = [
  { file: "schemas" },
  { file: "tables" },
  { file: "columns" },
  { file: "constraints" },
  { file: "indexes" },
  { file: "views" },
  { file: "sequences" },
  { file: "functions" },
  { file: "triggers" },
  { file: "types" },
  { file: "policies" },
  { file: "grants" },
  { file: "default-privileges" },
  { file: "publications" },
  { file: "roles" },
  { file: "search-paths" },
  { file: "extensions" },
  { file: "buckets", needs: "storage.buckets" },
  {
    file: "cron-jobs",
    needs: "cron.job",
    parameters: ({ schemas, jobs }) => [schemas, jobs],
  },
];

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
export async function readSchemaHere(client: pg.Client, scope: Scope): Promise<SchemaObject[]> {
  // With an empty path Postgres prints every name with its schema.
  await client.query("set local search_path = ''");
  const objects: SchemaObject[] = [];
  for (const { file, needs, parameters } of queries) {
    if (needs !== undefined && !(await exists(client, needs))) continue;
    const text = await readFile(new URL(`queries/${file}.sql`, import.meta.url), "utf8");
    const { rows } = await client.query<Row>(
      text,
      parameters?.(scope) ?? parametersOf(text, scope),
    );
    objects.push(...rows.map(toObject));
  }
  return objects;
}

function parametersOf(text: string, { schemas }: Scope): unknown[] {
  return [schemas, platformRoles].slice(0, text.includes("$2") ? 2 : text.includes("$1") ? 1 : 0);
}

async function exists(client: pg.Client, relation: string): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>(
    "select to_regclass($1) is not null as exists",
    [relation],
  );
  return rows[0]?.exists === true;
}

function toObject({ kind, name, definition: text, parent }: Row): SchemaObject {
  const definition = text.trimEnd();
  return parent === null ? { kind, name, definition } : { kind, name, definition, parent };
}
