import type { Keys } from "../keys.ts";
import { installPlatform } from "../platform/install.ts";
import { openSql } from "../sql/sql.ts";
import { migrate } from "./migrate.ts";

/**
 * Gives a running cluster the platform and the project's migrations, as far as they are not there.
 * @returns how to connect, as `postgres` and as `supabase_admin`
 * @throws StackError `platform_failed`, `migration_failed`
 */
export async function prepareDatabase(options: {
  port: number;
  keys: Keys;
  /** The stack folder, where is noted what was applied. */
  directory: string;
  /** Folder that holds `supabase/`. */
  projectDirectory: string;
  onProgress(message: string): void;
}): Promise<{ dbUrl: string; adminDbUrl: string }> {
  const { port, keys, directory, onProgress } = options;
  const { adminPassword, postgresPassword } = keys;
  const place = `127.0.0.1:${port}/postgres`;
  const dbUrl = `postgresql://postgres:${postgresPassword}@${place}`;
  const adminDbUrl = `postgresql://supabase_admin:${adminPassword}@${place}`;
  const admin = openSql(adminDbUrl, { max: 1 });
  const owner = openSql(dbUrl, { max: 1 });
  try {
    const isNew = await installPlatform(admin, { directory, postgresPassword });
    if (isNew) onProgress("Set up roles and schemas");
    await migrate({ ...options, sql: owner, dbUrl });
  } finally {
    await Promise.all([admin.end(), owner.end()]);
  }
  return { dbUrl, adminDbUrl };
}
