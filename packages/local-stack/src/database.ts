import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Keys } from "./keys.ts";
import { lockFolder } from "./lock.ts";
import { prepareDatabase } from "./migrate/prepare.ts";
import { newCluster, patternsFolder } from "./pattern/new-cluster.ts";
import { claimPort } from "./ports.ts";
import { hasCluster } from "./postgres/cluster.ts";
import { preparePostgresHome } from "./postgres/home.ts";
import {
  ownFolder,
  postgresAccount,
  removeAbandonedFolders,
  removeOwnFolder,
} from "./postgres/place.ts";
import { keepPostgres } from "./postgres/server.ts";
import { projectDirectory } from "./project.ts";
import { openSql, type Sql } from "./sql/sql.ts";
import { identifier } from "./sql/statement.ts";
import { explainFileError } from "./stack-error.ts";

const dataFolder = "postgres";
const lockFile = "stack.lock";

/** Closed to others; where root lends Postgres an account of its own, that one has to pass through. */
function folderMode(): number {
  return process.getuid?.() === 0 ? 0o711 : 0o700;
}

/** Makes the stack folder, takes it for this process, and empties it when a new start is wanted. */
export async function openFolder(
  directory: string,
  reset: boolean,
  undo: AsyncDisposableStack,
): Promise<void> {
  try {
    const made = await mkdir(directory, { recursive: true });
    if (made !== undefined) await chmod(directory, folderMode());
  } catch (error) {
    throw explainFileError(error, directory);
  }
  undo.defer(await lockFolder(directory));
  if (!reset) return;
  await removeOwnFolder(directory, dataFolder);
  await removeOwnFolder(directory, "postgres-home");
  await removeOwnFolder(directory, patternsFolder);
  for (const name of await readdir(directory)) {
    if (name !== lockFile) await rm(path.join(directory, name), { recursive: true, force: true });
  }
}

export interface Database {
  /** As the superuser. */
  admin: Sql;
  dbUrl: string;
  adminDbUrl: string;
}

/**
 * Postgres with roles, platform schemas and the project's migrations, in the order: files, server,
 * platform, migrations. Everything begun is put on the undo list, also when a later step fails.
 */
export async function openDatabase(options: {
  directory: string;
  /** Folder that holds `supabase/`; this checkout when not given. */
  projectDirectory?: string | undefined;
  port: number;
  keys: Keys;
  template: string | undefined;
  durable: boolean;
  undo: AsyncDisposableStack;
  onProgress(message: string): void;
  log(line: string): void;
}): Promise<Database> {
  const { directory, keys, undo, onProgress, log } = options;
  const account = postgresAccount();
  await removeAbandonedFolders(account);
  const data = await ownFolder(directory, dataFolder, account, "private");
  const home = await preparePostgresHome(account, directory, onProgress);
  const { durable } = options;
  const project = options.projectDirectory ?? projectDirectory;
  if (!(await hasCluster(data))) {
    await newCluster({
      ...{ home, account, directory, data, projectDirectory: project, keys, durable, onProgress },
    }).catch((error: unknown) => {
      throw explainFileError(error, directory);
    });
  }
  const port = await claimPort(options.port, "--db-port");
  const logFile = path.join(directory, "postgres.log");
  const server = await keepPostgres({ home, data, port, account, logFile, durable }, log);
  undo.defer(() => server.stop());
  const urls = await prepareDatabase({
    ...{ port, keys, directory, projectDirectory: project, onProgress },
  });
  if (options.template !== undefined) await cloneDatabase(urls.adminDbUrl, options.template);

  const admin = openSql(urls.adminDbUrl, { max: 10 });
  undo.defer(() => admin.end());
  return { admin, ...urls };
}

/** Postgres copies only a database that nobody is connected to, hence from `template1`, and now. */
async function cloneDatabase(adminDbUrl: string, name: string): Promise<void> {
  const url = new URL(adminDbUrl);
  url.pathname = "/template1";
  const sql = openSql(url.href, { max: 1 });
  try {
    await sql`drop database if exists ${identifier(name)} with (force)`;
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = 'postgres' and backend_type = 'client backend'`;
    await sql`create database ${identifier(name)} template postgres owner postgres`;
  } finally {
    await sql.end();
  }
}
