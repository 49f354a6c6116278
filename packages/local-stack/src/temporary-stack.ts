import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Stack, type StackOptions, startStack } from "./stack.ts";
import { undoList } from "./undo-list.ts";

export type TemporaryStack = Stack & AsyncDisposable;

/** A folder that Postgres can get into: it runs under another account where this runs as root. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "sideline-"));
  await chmod(folder, 0o711);
  return folder;
}

/** A stack on free ports whose folder goes when it stops; it waits for no disk. */
export async function startTemporaryStack(
  options: Omit<StackOptions, "dir"> = {},
): Promise<TemporaryStack> {
  const undo = undoList();
  try {
    const dir = await temporaryFolder();
    undo.add(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
    const stack = await startStack({ port: 0, dbPort: 0, durable: false, ...options, dir });
    undo.add(() => stack.stop());
    const stop = () => undo.run();
    return { ...stack, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await undo.run().catch(() => {});
    throw error;
  }
}
