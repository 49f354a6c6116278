import { chmod, mkdtemp, readdir, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDatabase, openFolder } from "./database.ts";
import { loadKeys } from "./keys.ts";
import { commandOf } from "./lock.ts";
import { type Stack, type StackOptions, startStack } from "./stack.ts";

export type TemporaryStack = Stack & AsyncDisposable;

/** A folder that Postgres can get into: it runs under another account where this runs as root. */
export async function temporaryFolder(parent = tmpdir()): Promise<string> {
  const folder = await mkdtemp(path.join(parent, `sideline-${process.pid}-`));
  await chmod(folder, 0o711);
  return folder;
}

/** Files in memory, on Linux. */
const memory = "/dev/shm";
/** More than all stacks of a test run hold at once. */
const plenty = 4 * 1024 ** 3;

/**
 * Such a folder for what need not outlive a crash. Where there is plenty of memory it lies there: a
 * database is a thousand small files, which are made in an eighth of the time.
 */
export async function fleetingFolder(): Promise<string> {
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  const room = Math.min(bavail * bsize, process.availableMemory() / 2);
  if (room < plenty || process.env.TMPDIR !== undefined) return await temporaryFolder();
  // What killed processes have left would be there until the machine starts anew. That of another
  // account is that account's to remove.
  for (const name of await readdir(memory).catch(() => [])) {
    const owner = /^sideline-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && commandOf(Number(owner)) === undefined) {
      await rm(path.join(memory, name), { recursive: true, force: true }).catch(() => {});
    }
  }
  return await temporaryFolder(memory).catch(() => temporaryFolder());
}

/** A stack on free ports whose folder goes when it stops; it waits for no disk unless told to. */
export async function startTemporaryStack(
  options: Omit<StackOptions, "dir"> = {},
): Promise<TemporaryStack> {
  const undo = new AsyncDisposableStack();
  try {
    const dir = await (options.durable ? temporaryFolder() : fleetingFolder());
    undo.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
    const stack = await startStack({ port: 0, dbPort: 0, durable: false, ...options, dir });
    undo.defer(() => stack.stop());
    const stop = () => undo.disposeAsync();
    return { ...stack, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await undo.disposeAsync().catch(() => {});
    throw error;
  }
}

/** A migrated database of its own server, in a temporary folder, gone when closed. */
export interface DisposableDatabase extends AsyncDisposable {
  /** As role `postgres`. */
  dbUrl: string;
  /** As role `supabase_admin`. */
  adminDbUrl: string;
  /** Stops the server and removes its folder. */
  close(): Promise<void>;
}

/**
 * What `startStack` does up to the migrations, in the same way, and nothing else: no API, no
 * functions, no cron. On a free port.
 * @param options.projectDirectory folder that holds `supabase/`; this checkout when not given
 * @throws StackError
 */
export async function startDisposableDatabase(
  options: { projectDirectory?: string; onProgress?(message: string): void } = {},
): Promise<DisposableDatabase> {
  const undo = new AsyncDisposableStack();
  try {
    const directory = await fleetingFolder();
    undo.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
    await openFolder(directory, false, undo);
    const { dbUrl, adminDbUrl } = await openDatabase({
      directory,
      projectDirectory: options.projectDirectory,
      port: 0,
      keys: await loadKeys(directory),
      template: undefined,
      durable: false,
      undo,
      onProgress: options.onProgress ?? (() => {}),
      log: () => {},
    });
    const close = () => undo.disposeAsync();
    return { dbUrl, adminDbUrl, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await undo.disposeAsync().catch(() => {});
    throw error;
  }
}
