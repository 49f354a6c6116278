import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
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

/** The command line of a live process, or undefined when there is no such process. */
export function commandOf(pid: number): string | undefined {
  if (process.platform === "linux") {
    const text = readProcFile(pid, "cmdline");
    return text?.replaceAll("\0", " ").trim();
  }
  return askPs(pid, "command=");
}

/**
 * When a live process began, in the system's own notation. Together with its id this names a
 * process for good: ids are used again, the pair is not.
 */
function startOf(pid: number): string | undefined {
  if (process.platform === "linux") {
    // Field 22 of /proc/<pid>/stat; the second field, a name in brackets, may itself hold blanks.
    const text = readProcFile(pid, "stat");
    return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  }
  return askPs(pid, "lstart=");
}

function readProcFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return undefined;
  }
}

function askPs(pid: number, column: string): string | undefined {
  try {
    const output = execFileSync("ps", ["-o", column, "-p", String(pid)], {
      encoding: "utf8",
      env: { LC_ALL: "C", PATH: "/bin:/usr/bin" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.trim() || undefined;
  } catch {
    return undefined;
  }
}
