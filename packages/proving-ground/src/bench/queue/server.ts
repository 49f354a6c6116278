import { rm } from "node:fs/promises";
import { temporaryFolder } from "@sideline/local-stack";
import { fleetingFolder, loadKeys, openDatabase, openFolder } from "@sideline/local-stack/parts";
import { connect } from "../connect.ts";

export interface BenchServer {
  /** The migrated database, to be copied: nobody is connected to it. */
  migrated: string;
  /** Of a database of this server, as superuser. */
  adminUrlOf(database: string): string;
  /** Empty, or a copy of `template`. */
  create(database: string, template?: string): Promise<string>;
  drop(database: string): Promise<void>;
  /** What of the server's settings has a say in the numbers. */
  settings(): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

/** Checkpoints would fall into some measurements and not into others. */
const tuned = { max_wal_size: "16GB", checkpoint_timeout: "1h", autovacuum_naptime: "5s" };

const reported = [
  "server_version",
  "fsync",
  "synchronous_commit",
  "full_page_writes",
  "wal_level",
  "shared_buffers",
  "max_wal_size",
  "checkpoint_timeout",
  "autovacuum_naptime",
];

/**
 * Postgres as the embedded stack runs it, in a folder that is gone afterwards.
 * @param durable false where no number counts
 * @param track is told at once how to stop it: also a server that is only being started leaves a folder
 */
export async function startBenchServer(
  durable: boolean,
  say: (line: string) => void,
  track: (stop: () => Promise<void>) => void,
): Promise<BenchServer> {
  const directory = await (durable ? temporaryFolder() : fleetingFolder());
  const undo = new AsyncDisposableStack();
  track(() => undo.disposeAsync());
  undo.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  try {
    await openFolder(directory, false, undo);
    const migrated = "bench_migrated";
    const database = await openDatabase({
      directory,
      port: 0,
      keys: await loadKeys(directory),
      template: migrated,
      durable,
      undo,
      onProgress: say,
      log: () => {},
    });
    const inDatabase = (url: string, name: string) => {
      const changed = new URL(url);
      changed.pathname = `/${name}`;
      return changed.href;
    };
    const admin = await connect(database.adminDbUrl);
    undo.defer(() => admin.end());
    for (const [name, value] of Object.entries(tuned)) {
      await admin.query(`alter system set ${name} = '${value}'`);
    }
    await admin.query("select pg_reload_conf()");
    return {
      migrated,
      adminUrlOf: (name) => inDatabase(database.adminDbUrl, name),
      async create(name, template = "template1") {
        await admin.query(
          `create database ${name} template ${template} owner postgres strategy file_copy`,
        );
        return inDatabase(database.dbUrl, name);
      },
      async drop(name) {
        await admin.query(`drop database if exists ${name} with (force)`);
      },
      async settings() {
        const { rows } = await admin.query<{ name: string; value: string }>(
          "select name, current_setting(name) as value from unnest($1::text[]) as name",
          [reported],
        );
        return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
      },
      stop: () => undo.disposeAsync(),
    };
  } catch (error) {
    await undo.disposeAsync().catch(() => {});
    throw error;
  }
}
