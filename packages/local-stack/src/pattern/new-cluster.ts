/**
 * A new database: the cluster with the platform and the project's migrations is made once, kept as
 * a pattern, and copied for each stack that begins. Making it takes seconds, a copy a fraction.
 */
import { createHash } from "node:crypto";
import { copyFile, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import type { Keys } from "../keys.ts";
import { noteFile, readMigrations, readSeed } from "../migrate/migrate.ts";
import { prepareDatabase } from "../migrate/prepare.ts";
import { noteInstalled, platformSql } from "../platform/install.ts";
import { claimPort } from "../ports.ts";
import {
  clusterDirectory,
  explainPostgresOutput,
  initdbSettings,
  makeCluster,
  runPostgresTool,
  syncCluster,
} from "../postgres/cluster.ts";
import { type PostgresHome, writableParent } from "../postgres/home.ts";
import { type Account, ownFolder } from "../postgres/place.ts";
import { startPostgres } from "../postgres/server.ts";
import { keepOnce } from "./keep-once.ts";

/** Of one account: another's are closed to it. */
export const patternsFolder = `postgres-patterns-${process.getuid?.() ?? 0}`;

interface NewCluster {
  home: PostgresHome;
  account: Account | null;
  /** The stack folder. */
  directory: string;
  /** The folder in it that is Postgres' own. */
  data: string;
  /** Folder that holds `supabase/`. */
  projectDirectory: string;
  keys: Keys;
  /** Whether the copy has to outlive a crash of the machine. */
  durable: boolean;
  onProgress(message: string): void;
}

/**
 * Puts a migrated cluster into `data`, with this stack's own passwords, and notes in the stack
 * folder what has been applied to it.
 * @throws StackError `platform_failed`, `migration_failed`, `disk_full`, `postgres_failed`
 */
export async function newCluster(options: NewCluster): Promise<void> {
  const { home, account, directory, data, keys } = options;
  const parent = await writableParent(directory);
  const folder = await ownFolder(parent, patternsFolder, account, "private");
  const key = await patternKey(home, options.projectDirectory);
  const pattern = await keepOnce({ folder, key, account, make: (draft) => make(draft, options) });

  // Made aside and renamed, so that an interrupted start never leaves half a cluster, nor one with
  // the pattern's passwords.
  const draft = path.join(data, "draft");
  await rm(draft, { recursive: true, force: true });
  options.onProgress("Copying the migrated database");
  await runPostgresTool("cp", ["-R", clusterDirectory(pattern), draft], account, (output) =>
    explainPostgresOutput(output, data, "The database could not be copied"),
  );
  await setPasswords(home, draft, account, keys);
  if (options.durable) await syncCluster(home, draft, account);
  await copyFile(noteFile(pattern), noteFile(directory));
  await noteInstalled(directory, keys.postgresPassword);
  await rename(draft, clusterDirectory(data));
}

async function make(draft: string, options: NewCluster): Promise<void> {
  const { home, account, keys, projectDirectory, onProgress } = options;
  onProgress("Making a new database");
  await makeCluster({ home, data: draft, account, adminPassword: keys.adminPassword });
  const port = await claimPort(0, "--db-port");
  const logFile = path.join(draft, "postgres.log");
  const server = await startPostgres({
    ...{ home, data: draft, port, account, logFile, durable: false },
  });
  try {
    await prepareDatabase({ port, keys, directory: draft, projectDirectory, onProgress });
  } finally {
    await server.stop();
  }
  await syncCluster(home, clusterDirectory(draft), account);
}

/** Without a server: nobody has ever been let in by another password. */
async function setPasswords(
  home: PostgresHome,
  cluster: string,
  account: Account | null,
  { adminPassword, postgresPassword }: Keys,
): Promise<void> {
  const statements = [
    `alter role supabase_admin password '${adminPassword}'`,
    `alter role postgres password '${postgresPassword}'`,
  ];
  await runPostgresTool(
    home.postgres,
    ["--single", "-D", cluster, "-c", "exit_on_error=on", "-c", "fsync=off", "postgres"],
    account,
    (output) => explainPostgresOutput(output, cluster, "Postgres could not set its passwords"),
    statements.map((statement) => `${statement}\n`).join(""),
  );
}

/** Names all that a new database is made of: two of the same name would be alike. */
export async function patternKey(home: PostgresHome, projectDirectory: string): Promise<string> {
  const supabase = path.join(projectDirectory, "supabase");
  const parts = {
    home: path.resolve(home.initdb, "../.."),
    initdbSettings,
    platform: await platformSql(),
    cli: createRequire(import.meta.url)("supabase/package.json").version,
    config: await readFile(path.join(supabase, "config.toml"), "utf8").catch(() => null),
    migrations: await readMigrations(supabase),
    seed: await readSeed(supabase),
  };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
