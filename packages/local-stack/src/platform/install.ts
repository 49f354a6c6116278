import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { getAuthSchemaSql, getStorageSchemaSql } from "@supabase/lite";
import type { Sql } from "../sql/sql.ts";
import { messageOf, StackError } from "../stack-error.ts";

/**
 * Gives a cluster what a hosted project has before its first migration: roles, the schemas of Auth,
 * Storage and Realtime, extensions. Auth's and Storage's tables are made from the statements that
 * their servers export, so that migrations can refer to `auth.users` before a server has run.
 * Skipped when the same statements have been applied before.
 * @param sql as supabase_admin
 * @param directory the stack folder, where the applied version is noted
 */
export async function installPlatform(
  sql: Sql,
  { directory, postgresPassword }: { directory: string; postgresPassword: string },
): Promise<boolean> {
  const statements = await platformSql();
  const version = versionOf(statements, postgresPassword);
  if ((await readFile(noteIn(directory), "utf8").catch(() => "")) === version) return false;
  try {
    await sql.begin(async (tx) => {
      await tx`set local client_min_messages = warning`;
      await tx.run(statements);
      await tx.run(`alter role postgres password '${postgresPassword}'`);
    });
  } catch (error) {
    const reason = messageOf(error);
    throw new StackError(
      "platform_failed",
      `The platform's schemas could not be set up: ${reason}`,
      {
        cause: error,
      },
    );
  }
  await noteInstalled(directory, postgresPassword);
  return true;
}

/** Notes that the database of a stack folder has the platform, and that password. */
export async function noteInstalled(directory: string, postgresPassword: string): Promise<void> {
  const version = versionOf(await platformSql(), postgresPassword);
  await writeFile(noteIn(directory), version, { mode: 0o600 });
}

function noteIn(directory: string): string {
  return path.join(directory, "platform.sha256");
}

function versionOf(statements: string, postgresPassword: string): string {
  return createHash("sha256").update(statements).update(postgresPassword).digest("hex");
}

/** The statements of a platform, for a superuser to run in an empty database. */
export async function platformSql(): Promise<string> {
  const read = (name: string) => readFile(new URL(`${name}.sql`, import.meta.url), "utf8");
  const [roles, schemas, auth, search, storage, realtime] = await Promise.all(
    ["10-roles", "20-schemas", "40-auth", "50-storage-search", "60-storage", "70-realtime"].map(
      read,
    ),
  );
  const authTables = getAuthSchemaSql(false);
  const storageTables = getStorageSchemaSql(false);
  return [roles, schemas, authTables, auth, storageTables, search, storage, realtime].join("\n");
}
