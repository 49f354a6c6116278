import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { projectDirectory } from "@sideline/local-stack";
import type pg from "pg";
import type { Undo } from "./plan.ts";

/** A migration of this checkout with its undo. */
export interface Migration {
  version: string;
  file: string;
  sql: string;
  undo: Undo;
}

/** All migrations in the order in which they are applied. */
export async function readMigrations(): Promise<Migration[]> {
  const folder = path.join(projectDirectory, "supabase", "migrations");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  return Promise.all(
    files.map(async (file) => {
      const version = file.split("_", 1)[0] ?? "";
      const undo = path.join(projectDirectory, "supabase", "rollbacks", file);
      return {
        version,
        file,
        sql: await readFile(path.join(folder, file), "utf8"),
        undo: { version, file, sql: await readFile(undo, "utf8") },
      };
    }),
  );
}

/**
 * Applies a migration as the CLI does, only without the CLI's start: the whole file and its row of
 * the history in one transaction, as role `postgres`.
 */
export async function applyMigration(client: pg.Client, migration: Migration): Promise<void> {
  const name = /^\d+_(.*)\.sql$/.exec(migration.file)?.[1] ?? "";
  await client.query("begin");
  try {
    await client.query(migration.sql);
    await client.query(
      "insert into supabase_migrations.schema_migrations (version, name) values ($1, $2)",
      [migration.version, name],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${migration.file} cannot be applied: ${reason}`, { cause: error });
  }
}
