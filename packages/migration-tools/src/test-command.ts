import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { projectDirectory } from "@sideline/local-stack";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command as a pipeline does: a process of its own whose stdin is no terminal. The project is
 * the one around this package, with its own program.
 * @param command e.g. `new`
 * @param directory where it is typed
 */
export async function runCommandLine(
  command: string,
  args: string[],
  directory = process.cwd(),
): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [path.join(projectDirectory, "scripts", "db", "main.ts"), command, ...args],
    {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: directory,
      env: { ...process.env, NO_COLOR: "1", INIT_CWD: directory },
    },
  );
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    ended.stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    ended.stderr += chunk;
  });
  await once(child, "close");
  return { ...ended, code: child.exitCode };
}

export interface TemporaryProject extends AsyncDisposable {
  /** Holds a copy of `supabase/` without the functions. */
  directory: string;
}

/** A project that a test may change: the migrations of this checkout in a folder of its own. */
export async function temporaryProject(): Promise<TemporaryProject> {
  const directory = await mkdtemp(path.join(tmpdir(), "sideline schema-"));
  await chmod(directory, 0o711);
  await cp(path.join(projectDirectory, "supabase"), path.join(directory, "supabase"), {
    recursive: true,
    filter: (file) => !/\/supabase\/(functions|tests|\.temp)$/.test(file),
  });
  return {
    directory,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
