/**
 * The guardian: a small process that outlives the stack by a moment. Its parent tells it over
 * stdin which processes it has started (`add <pid> <kind>`, `remove <pid>`). The end of stdin means
 * that the parent is gone, however it went; whatever is still on the list is then ended.
 */
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const fastShutdownMs = 10_000;
const immediateShutdownMs = 3_000;

const guarded = new Map<number, string>();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, pidText, kind] = line.split(" ");
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 1) continue;
  if (verb === "add" && kind !== undefined) guarded.set(pid, kind);
  if (verb === "remove") guarded.delete(pid);
}

// Clients of the database first, so that none of them sees it go.
for (const [pid, kind] of guarded) {
  if (kind === "group") send(-pid, "SIGKILL");
}
const servers = [...guarded].filter(([, kind]) => kind === "postgres").map(([pid]) => pid);
await Promise.all(servers.map(stopPostgres));

// SIGINT is Postgres' fast shutdown, SIGQUIT its immediate one.
async function stopPostgres(pid: number): Promise<void> {
  send(pid, "SIGINT");
  if (await ended(pid, fastShutdownMs)) return;
  send(pid, "SIGQUIT");
  if (await ended(pid, immediateShutdownMs)) return;
  send(pid, "SIGKILL");
}

async function ended(pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (send(pid, 0)) {
    if (Date.now() > deadline) return false;
    await sleep(25);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
