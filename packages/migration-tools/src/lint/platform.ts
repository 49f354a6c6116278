/** What Supabase brings along. A migration may use it and owns none of it. */

const platformSchemas = new Set([
  "auth",
  "storage",
  "realtime",
  "_realtime",
  "vault",
  "cron",
  "net",
  "extensions",
  "graphql",
  "graphql_public",
  "pgbouncer",
  "pgmq",
  "pgsodium",
  "supabase_functions",
  "supabase_migrations",
  "pg_catalog",
  "information_schema",
]);

export const platformPublications = new Set(["supabase_realtime"]);

/** Tables on which Supabase lets projects make policies. */
export const policyTables = new Set(["storage.objects", "storage.buckets", "realtime.messages"]);

/** Rows of these are set up by migrations. */
export const rowTables = new Set(["storage.buckets"]);

export function isPlatform(schema: string | null | undefined): boolean {
  return schema !== null && schema !== undefined && platformSchemas.has(schema);
}
