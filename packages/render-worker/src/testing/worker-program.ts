import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface WorkerProgram {
  pid: number;
  /** Its lines of the log, as they come. */
  lines: { event: string; outcome?: string; id?: number }[];
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string | null>;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

/** The worker as it runs anywhere: a process with a project's address and secret key. */
export function startWorkerProgram(
  program: string,
  project: { url: string; secretKey: string },
  temporary: string,
  args: readonly string[] = [],
): WorkerProgram {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [program, ...args], {
    env: {
      PATH,
      NODE_COMPILE_CACHE,
      TMPDIR: temporary,
      SUPABASE_URL: project.url,
      SUPABASE_SECRET_KEY: project.secretKey,
      RENDER_POLL_MS: "50",
      NODE_NO_WARNINGS: "1",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: WorkerProgram["lines"] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(JSON.parse(line)));
  const ended = new Promise<number | string | null>((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? signal));
  });
  return { pid: child.pid ?? 0, lines, ended, kill: (signal) => void child.kill(signal) };
}
