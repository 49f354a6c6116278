import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { type Sql, tableExists } from "../sql/sql.ts";
import { StackError } from "../stack-error.ts";
import { runSupabaseCli } from "./supabase-cli.ts";

/** What was applied last time, kept in `<stack folder>/migrations.json`. */
const appliedSchema = z.object({
  migrations: z.record(z.string(), z.string()),
  seed: z.string().nullable(),
});

interface MigrateOptions {
  /** As role postgres. */
  sql: Sql;
  /** Connection string of role postgres. */
  dbUrl: string;
  projectDirectory: string;
  /** The stack folder. */
  directory: string;
  onProgress(message: string): void;
}

/**
 * Brings the database up to the project's migrations and seed with `supabase db push`. The CLI is
 * not even started when its own history already names every file and the seed is unchanged.
 * @returns how many migrations were applied
 * @throws StackError `migration_failed`, naming the migration and the reason
 */
export async function migrate(options: MigrateOptions): Promise<number> {
  const supabaseDirectory = path.join(options.projectDirectory, "supabase");
  const files = await readMigrations(supabaseDirectory);
  const seed = await readSeed(supabaseDirectory);
  const history = await appliedVersions(options.sql);
  const before = await readApplied(options.directory);
  warnOfEdits(files, history, before.migrations, options.onProgress);

  const pending = files.filter((file) => !history.has(file.version));
  const strangers = [...history].filter(
    (version) => !files.some((file) => file.version === version),
  );
  if (strangers.length > 0) {
    throw new StackError(
      "migration_failed",
      `The database has migration ${strangers[0]}, which supabase/migrations does not have. ` +
        "Restore the file, or start once with --reset to begin anew.",
    );
  }
  if (pending.length > 0 || seed !== before.seed) {
    options.onProgress(
      pending.length > 0 ? `Applying ${pending.length} migrations` : "Applying the seed",
    );
    await push(options, pending);
  }
  await noteApplied(options, { versions: pending.map(({ version }) => version), seed: true });
  return pending.length;
}

/**
 * Notes what the files are now as what was applied. For whoever applies migrations to a stack's
 * database beside `migrate`, which would otherwise take them for edited since.
 * @param applied what was applied just now; a migration applied earlier keeps the hash it had then
 */
export async function noteApplied(
  { directory, projectDirectory }: { directory: string; projectDirectory: string },
  applied: { versions: string[]; seed: boolean },
): Promise<void> {
  const supabaseDirectory = path.join(projectDirectory, "supabase");
  const files = await readMigrations(supabaseDirectory);
  const before = await readApplied(directory);
  const isKnown = (version: string) =>
    before.migrations[version] !== undefined && !applied.versions.includes(version);
  const migrations = Object.fromEntries(
    files.map(({ version, sha256 }) => [
      version,
      isKnown(version) ? before.migrations[version] : sha256,
    ]),
  );
  const seed = applied.seed ? await readSeed(supabaseDirectory) : before.seed;
  await writeFile(noteFile(directory), JSON.stringify({ migrations, seed }, null, 2), {
    mode: 0o600,
  });
}

async function push(options: MigrateOptions, pending: MigrationFile[]): Promise<void> {
  const { code, output } = await runSupabaseCli(
    ["db", "push", "--include-all", "--include-seed", "--skip-vault"],
    {
      dbUrl: options.dbUrl,
      projectDirectory: options.projectDirectory,
      home: path.join(options.directory, "supabase-cli"),
    },
  );
  if (code === 0) return;
  const history = await appliedVersions(options.sql);
  const failed = pending.find((file) => !history.has(file.version));
  const reason = reasonIn(output);
  const where = failed === undefined ? "The seed (supabase/seed.sql)" : `Migration ${failed.file}`;
  throw new StackError("migration_failed", `${where} failed: ${reason}`, { detail: output });
}

/** The database's own words, which the CLI prints as `ERROR: … (SQLSTATE …)`. */
function reasonIn(output: string): string {
  const lines = output.trim().split("\n");
  const reason = lines.find((line) => line.startsWith("ERROR:")) ?? lines.at(-1) ?? "";
  return reason.replace(/^ERROR:\s*/, "").trim() || "the supabase CLI gave no reason";
}

async function appliedVersions(sql: Sql): Promise<Set<string>> {
  if (!(await tableExists(sql, "supabase_migrations.schema_migrations"))) return new Set();
  const rows = await sql<{ version: string }>`
    select version from supabase_migrations.schema_migrations`;
  return new Set(rows.map((row) => row.version));
}

/** The CLI never applies a version twice, so an edit to an applied migration has no effect. */
function warnOfEdits(
  files: MigrationFile[],
  history: Set<string>,
  before: Record<string, string>,
  onProgress: (message: string) => void,
): void {
  const edited = files.filter(({ version, sha256 }) => {
    const was = before[version];
    return history.has(version) && was !== undefined && was !== sha256;
  });
  if (edited.length === 0) return;
  onProgress(
    `Edited after it was applied: ${edited.map((file) => file.file).join(", ")}. ` +
      "Start with --reset to apply it as it is now",
  );
}

/** Where a stack folder notes what was applied last time. */
export function noteFile(directory: string): string {
  return path.join(directory, "migrations.json");
}

async function readApplied(directory: string): Promise<z.infer<typeof appliedSchema>> {
  try {
    const text = await readFile(noteFile(directory), "utf8");
    return appliedSchema.parse(JSON.parse(text));
  } catch {
    return { migrations: {}, seed: null };
  }
}

/** A file of `supabase/migrations`, as the CLI sees it: `<version>_<name>.sql`. */
interface MigrationFile {
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
