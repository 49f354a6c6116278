import type pg from "pg";

/** A row of the CLI's history: a migration that the database says it has. */
export interface AppliedMigration {
  version: string;
  /** Topic in the file's name; empty where the history has none. */
  name: string;
}

/** What the database says was applied to it, oldest first; empty where it has no history. */
export async function appliedMigrations(client: pg.Client): Promise<AppliedMigration[]> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    "select to_regclass('supabase_migrations.schema_migrations') is not null as exists",
  );
  if (found[0]?.exists !== true) return [];
  const { rows } = await client.query<AppliedMigration>(`
    select version, coalesce(name, '') as name
    from supabase_migrations.schema_migrations
    order by version`);
  return rows;
}
