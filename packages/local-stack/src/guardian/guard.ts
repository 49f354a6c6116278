import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";

/**
 * How a guarded process is ended when this process dies without stopping it: `postgres` gets a fast
 * shutdown, `group` is killed with its whole process group (the child was spawned `detached`).
 */
type GuardedKind = "postgres" | "group";

let guardian: Writable | undefined;

/**
 * Puts a child under the guardian: should this process vanish (SIGKILL, crash), the child is
 * ended too. One guardian serves all stacks of a process; it leaves by itself with the process.
 */
export function guard(child: ChildProcess, kind: GuardedKind): void {
  const { pid } = child;
  if (pid === undefined) return;
  tell(`add ${pid} ${kind}`);
  // Forgotten at once when it ends, so that a process id used again by a stranger is never hit.
  child.once("exit", () => tell(`remove ${pid}`));
}

/** Settles when a child has ended, or could not be started. */
export async function endOf(child: ChildProcess): Promise<void> {
  await Promise.race([once(child, "exit"), once(child, "error")]).catch(() => {});
}

function tell(line: string): void {
  guardian ??= startGuardian();
  guardian.write(`${line}\n`);
}

function startGuardian(): Writable {
  // Detached: a session of its own, so that Ctrl-C in the terminal does not reach it.
  const child = spawn(
    process.execPath,
    ["--max-old-space-size=32", fileURLToPath(new URL("./main.ts", import.meta.url))],
    { detached: true, stdio: ["pipe", "ignore", "ignore"], env: {}, cwd: "/" },
  );
  child.unref();
  child.stdin.on("error", () => {});
  if ("unref" in child.stdin && typeof child.stdin.unref === "function") child.stdin.unref();
  child.once("exit", () => {
    guardian = undefined;
  });
  return child.stdin;
}
