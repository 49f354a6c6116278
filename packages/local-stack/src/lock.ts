import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { startOf } from "./process-identity.ts";
import { explainFileError, StackError, systemCode } from "./stack-error.ts";

const holderSchema = z.object({ pid: z.number().int(), startedAt: z.string() });

/**
 * Takes a stack folder for this process, so that two stacks never work on one folder. A lock left
 * by a process that no longer lives is taken over.
 * @returns the way to give it back
 * @throws StackError `stack_running`
 */
export async function lockFolder(directory: string): Promise<() => Promise<void>> {
  const file = path.join(directory, "stack.lock");
  const own = { pid: process.pid, startedAt: startOf(process.pid) ?? "" };
  for (;;) {
    try {
      await writeFile(file, JSON.stringify(own), { flag: "wx", mode: 0o600 });
      return () => rm(file, { force: true });
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw explainFileError(error, directory);
    }
    const holder = await readHolder(file);
    if (holder !== undefined && startOf(holder.pid) === holder.startedAt) {
      throw new StackError(
        "stack_running",
        `A stack is already running in ${directory} (process ${holder.pid}). ` +
          "Stop it, or start this one in another folder with --dir.",
      );
    }
    await rm(file, { force: true });
  }
}

async function readHolder(file: string) {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    // Cut off while it was written, or gone already: nobody holds it.
    return undefined;
  }
}
