import path from "node:path";
import { startTicker } from "./cron/ticker.ts";
import { openDatabase, openFolder } from "./database.ts";
import { loadKeys } from "./keys.ts";
import { startSender } from "./net/sender.ts";
import { claimPort } from "./ports.ts";
import { defaultStackDirectory } from "./project.ts";
import { undoList } from "./undo-list.ts";
import { writeVaultSecrets } from "./vault-secrets.ts";

export interface StackOptions {
  /** Folder of all data. Default `.local/stack` in the project. */
  dir?: string;
  /** Port of the API on 127.0.0.1; 0 is any free one. Default 54321. */
  port?: number;
  /** Port of Postgres on 127.0.0.1; 0 is any free one. Default 54322. */
  dbPort?: number;
  /** Begin anew: removes what the folder holds. */
  reset?: boolean;
  /** Run pg_cron jobs and send pg_net requests. Default true. */
  cron?: boolean;
  /** More environment for Edge Functions. */
  functionsEnv?: Record<string, string>;
  /** Where models and speech come from: our own offline servers, or what the environment names. */
  providers?: "local" | "environment";
  /** After migrating, before anything else connects, clone the database under this name. */
  template?: string;
  /** Told in one line what takes long. */
  onProgress?(message: string): void;
  /** Told every line that a part of the running stack logs. */
  log?(line: string): void;
}

export interface Stack {
  apiUrl: string;
  /** As role `postgres`. */
  dbUrl: string;
  /** As role `supabase_admin`. */
  adminDbUrl: string;
  publishableKey: string;
  secretKey: string;
  jwtSecret: string;
  dir: string;
  providersUrl: string | null;
  /** Milliseconds per step, and `total`. */
  timingsMs: Record<string, number>;
  stop(): Promise<void>;
}

/**
 * Starts a whole Supabase on this machine and returns once it is ready.
 * When a step fails, all that was begun is ended before the error is thrown.
 * @throws StackError
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const undo = undoList();
  try {
    return await start(options, undo);
  } catch (error) {
    await undo.run().catch(() => {});
    throw error;
  }
}

async function start(options: StackOptions, undo: ReturnType<typeof undoList>): Promise<Stack> {
  const directory = path.resolve(options.dir ?? defaultStackDirectory);
  const onProgress = options.onProgress ?? (() => {});
  const timingsMs: Record<string, number> = {};
  const began = performance.now();
  const step = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const from = performance.now();
    const result = await work;
    timingsMs[name] = Math.round(performance.now() - from);
    return result;
  };

  const port = await claimPort(options.port ?? 54321, "--port");
  await openFolder(directory, options.reset ?? false, undo);
  const keys = await loadKeys(directory);
  const database = await step(
    "database",
    openDatabase({
      directory,
      port: options.dbPort ?? 54322,
      keys,
      template: options.template,
      undo,
      onProgress,
    }),
  );
  const apiUrl = `http://127.0.0.1:${port}`;
  await writeVaultSecrets(database.admin, { apiUrl, secretKey: keys.secretKey });
  if (options.cron ?? true) {
    const log = options.log ?? (() => {});
    const sender = startSender({ adminDbUrl: database.adminDbUrl, log });
    undo.add(() => sender.stop());
    const ticker = startTicker({ dbUrl: database.dbUrl, adminDbUrl: database.adminDbUrl, log });
    undo.add(() => ticker.stop());
  }
  timingsMs.total = Math.round(performance.now() - began);
  let stopping: Promise<void> | undefined;
  return {
    apiUrl,
    dbUrl: database.dbUrl,
    adminDbUrl: database.adminDbUrl,
    publishableKey: keys.publishableKey,
    secretKey: keys.secretKey,
    jwtSecret: keys.jwtSecret,
    dir: directory,
    providersUrl: null,
    timingsMs,
    stop: () => {
      stopping ??= undo.run();
      return stopping;
    },
  };
}
