import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import type { SchemaDifference } from "../snapshot/schema-object.ts";

/** A file of `supabase/migrations`. */
export interface MigrationText {
  version: string;
  file: string;
  text: string;
}

/** A row of `supabase_migrations.schema_migrations`, where the CLI notes what it applied. */
export interface HistoryEntry {
  version: string;
  name: string | null;
  /** What was run then, without comments or white space at the seams; null where not recorded. */
  statements: string | null;
}

export async function readMigrationTexts(projectDirectory: string): Promise<MigrationText[]> {
  const folder = join(projectDirectory, "supabase", "migrations");
  const files = (await readdir(folder)).sort();
  const migrations = await Promise.all(
    files.map(async (file) => ({
      version: /^(\d+)_.*\.sql$/.exec(file)?.[1] ?? "",
      file,
      text: await readFile(join(folder, file), "utf8"),
    })),
  );
  return migrations.filter(({ version }) => version !== "");
}

/** Empty where the database has no history at all. */
export async function readHistory(client: pg.Client): Promise<HistoryEntry[]> {
  const { rows: found } = await client.query<{ columns: string[] }>(
    `select coalesce(array_agg(a.attname::text), '{}') as columns
     from pg_catalog.pg_attribute as a
     where a.attrelid = to_regclass('supabase_migrations.schema_migrations') and a.attnum > 0`,
  );
  const columns = found[0]?.columns ?? [];
  if (!columns.includes("version")) return [];
  // Histories of old versions of the CLI have the version alone.
  const name = columns.includes("name") ? "name" : "null";
  const statements = columns.includes("statements") ? "array_to_string(statements, ';')" : "null";
  const { rows } = await client.query<HistoryEntry>(
    `select version, ${name} as name, ${statements} as statements
     from supabase_migrations.schema_migrations order by version`,
  );
  return rows;
}

/** Where the history and the files disagree about what was applied. */
export function compareHistory(
  files: MigrationText[],
  history: HistoryEntry[],
): SchemaDifference[] {
  const applied = new Set(history.map(({ version }) => version));
  const known = new Set(files.map(({ version }) => version));
  const missing = files
    .filter(({ version }) => !applied.has(version))
    .map(({ file }) => row(file, "missing", "recorded as applied", null));
  const unexpected = history
    .filter(({ version }) => !known.has(version))
    .map(({ version, name }) =>
      row(
        name === null ? version : `${version}_${name}.sql`,
        "unexpected",
        null,
        "recorded as applied, but supabase/migrations has no such file",
      ),
    );
  return [...missing, ...unexpected];
}

function row(
  name: string,
  change: SchemaDifference["change"],
  expected: string | null,
  actual: string | null,
): SchemaDifference {
  return { kind: "migration", name, change, expected, actual, parts: [] };
}

/** Files that were changed after they had been applied, told by what the history says was run. */
export function editedMigrations(
  files: MigrationText[],
  expected: HistoryEntry[],
  actual: HistoryEntry[],
): string[] {
  const now = new Map(expected.map(({ version, statements }) => [version, bare(statements)]));
  const then = new Map(actual.map(({ version, statements }) => [version, bare(statements)]));
  return files
    .filter(({ version }) => {
      const before = then.get(version);
      return before !== undefined && before !== null && before !== now.get(version);
    })
    .map(({ file }) => file);
}

/** Versions of the CLI cut files into statements in different places. */
function bare(statements: string | null): string | null {
  return statements === null
    ? null
    : statements.replaceAll(/--.*$/gm, "").replaceAll(/[\s;]+/g, "");
}
