import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** A file of `supabase/migrations`, as the CLI sees it: `<version>_<name>.sql`. */
export interface MigrationFile {
  version: string;
  file: string;
  sha256: string;
}

/** All migrations in the order in which they are applied. Files of other names are not migrations. */
export async function readMigrations(supabaseDirectory: string): Promise<MigrationFile[]> {
  const folder = path.join(supabaseDirectory, "migrations");
  const names = existsSync(folder) ? await readdir(folder) : [];
  const migrations = names.sort().flatMap((file) => {
    const version = /^(\d+)_.*\.sql$/.exec(file)?.[1];
    return version === undefined ? [] : [{ version, file }];
  });
  return Promise.all(
    migrations.map(async (migration) => ({
      ...migration,
      sha256: await hashFile(path.join(folder, migration.file)),
    })),
  );
}

/** Hash of `supabase/seed.sql`, or null where there is none. */
export async function readSeed(supabaseDirectory: string): Promise<string | null> {
  const file = path.join(supabaseDirectory, "seed.sql");
  return existsSync(file) ? hashFile(file) : null;
}

async function hashFile(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}
