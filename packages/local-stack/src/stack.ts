import type { ChildProcess } from "node:child_process";
import path from "node:path";
import { startTicker } from "./cron/ticker.ts";
import { openDatabase, openFolder } from "./database.ts";
import type { CallUsage } from "./functions/index.ts";
import { loadKeys } from "./keys.ts";
import { startSender } from "./net/sender.ts";
import { claimPort } from "./ports.ts";
import { defaultStackDirectory, projectDirectory } from "./project.ts";
import { startServices, writeVaultSecrets } from "./services.ts";
import { type Providers, startProviders, startRenderWorker } from "./side-processes.ts";
import { explainFullDisk } from "./stack-error.ts";

export interface StackOptions {
  /** Folder of all data. Default `.local/stack` in the project. */
  dir?: string;
  /** Folder that holds `supabase/`. Default: this checkout. */
  projectDirectory?: string;
  /** Port of the API on 127.0.0.1; 0 is any free one. Default 54321. */
  port?: number;
  /** Port of Postgres on 127.0.0.1; 0 is any free one. Default 54322. */
  dbPort?: number;
  /** Begin anew: removes what the folder holds. */
  reset?: boolean;
  /** Run pg_cron jobs and send pg_net requests. Default true. */
  cron?: boolean;
  /** Run a worker that makes coached videos. Default false. */
  renderWorker?: boolean;
  /** More environment for Edge Functions. */
  functionsEnv?: Record<string, string>;
  /** Told every process that runs an Edge Function, as it starts. */
  onFunctionProcess?(name: string, child: ChildProcess): void;
  /** Told what each call of an Edge Function has used. */
  onFunctionCall?(name: string, usage: CallUsage): void;
  /**
   * Start every function, or those named in this order, and the speech engine before they are asked
   * for. Default true. Without it the first who asks waits, and a stack that hardly lives costs half.
   */
  prewarm?: boolean | readonly string[];
  /** Where models and speech come from: our own offline servers, or what the environment names. */
  providers?: "local" | "environment";
  /** After migrating, before anything else connects, clone the database under this name. */
  template?: string;
  /**
   * False where the folder is thrown away after use: Postgres does not wait for the disk. Default
   * true: what is committed outlives a crash of the machine.
   */
  durable?: boolean;
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
  /** How long it took until all was ready. */
  startedInMs: number;
  stop(): Promise<void>;
}

/**
 * Starts a whole Supabase on this machine and returns once it is ready.
 * When a step fails, all that was begun is ended before the error is thrown.
 * @throws StackError
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const undo = new AsyncDisposableStack();
  try {
    return await start(options, undo);
  } catch (error) {
    await undo.disposeAsync().catch(() => {});
    throw explainFullDisk(error, path.resolve(options.dir ?? defaultStackDirectory));
  }
}

async function start(options: StackOptions, undo: AsyncDisposableStack): Promise<Stack> {
  const directory = path.resolve(options.dir ?? defaultStackDirectory);
  const project = path.resolve(options.projectDirectory ?? projectDirectory);
  const onProgress = options.onProgress ?? (() => {});
  const log = options.log ?? (() => {});
  const began = performance.now();
  // Claimed before anything is begun, and known from here on: functions are told their own URL.
  const port = await claimPort(options.port ?? 54321, "--port");
  await openFolder(directory, options.reset ?? false, undo);
  const keys = await loadKeys(directory);

  const prewarm = options.prewarm ?? true;
  const providersMode = options.providers ?? (process.env.GEMINI_API_KEY ? "environment" : "local");
  const [database, providers] = await bothOrNeither(
    openDatabase({
      directory,
      projectDirectory: project,
      port: options.dbPort ?? 54322,
      keys,
      template: options.template,
      durable: options.durable ?? true,
      undo,
      onProgress,
      log,
    }),
    providersMode === "local" ? openProviders(undo, log, prewarm) : null,
  );
  const gateway = await startServices({
    directory,
    projectDirectory: project,
    port,
    keys,
    database,
    providersUrl: providers?.url ?? null,
    functionsEnv: options.functionsEnv ?? {},
    prewarm,
    onFunctionProcess: options.onFunctionProcess ?? (() => {}),
    onFunctionCall: options.onFunctionCall ?? (() => {}),
    undo,
    log,
  });
  const { dbUrl, adminDbUrl } = database;
  const { publishableKey, secretKey, jwtSecret } = keys;
  await writeVaultSecrets(database.admin, { apiUrl: gateway.url, secretKey });
  if (options.cron ?? true) {
    const sender = startSender({ adminDbUrl, log });
    undo.defer(() => sender.stop());
    const ticker = startTicker({ dbUrl, adminDbUrl, log });
    undo.defer(() => ticker.stop());
  }
  if (options.renderWorker) {
    const worker = startRenderWorker({ apiUrl: gateway.url, secretKey }, log);
    undo.defer(() => worker.stop());
  }
  let stopping: Promise<void> | undefined;
  return {
    apiUrl: gateway.url,
    dbUrl,
    adminDbUrl,
    publishableKey,
    secretKey,
    jwtSecret,
    dir: directory,
    providersUrl: providers?.url ?? null,
    startedInMs: performance.now() - began,
    stop: () => {
      stopping ??= undo.disposeAsync();
      return stopping;
    },
  };
}

async function openProviders(
  undo: AsyncDisposableStack,
  log: (line: string) => void,
  prewarm: boolean | readonly string[],
): Promise<Providers> {
  const providers = await startProviders(log, { prewarm: prewarm !== false });
  undo.defer(() => providers.stop());
  return providers;
}

/** Waits for both even when one fails, so that all they begin is on the undo list by then. */
async function bothOrNeither<A, B>(a: Promise<A>, b: Promise<B> | B): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return await Promise.all([a, b]);
}
