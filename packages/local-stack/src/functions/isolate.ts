import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { endOf } from "../guardian/guard.ts";
import { localDirectory } from "../project.ts";
import { denoArguments } from "./deno-command.ts";
import { ConnectionLost, forward } from "./forward.ts";
import type { CallUsage } from "./runtime/usage.ts";

/** Bounds of one function process, as hosted. */
export interface Limits {
  memoryMb: number;
  /** Until a request must have been answered. */
  idleMs: number;
  /** Life of a process. After half of it no new request is given to it. */
  wallClockMs: number;
  bootMs: number;
  /** Between the request to stop and the end by force. */
  graceMs: number;
}

interface IsolateOptions {
  deno: string;
  root: string;
  folder: string;
  environment: Record<string, string>;
  limits: Limits;
  /** Take `npm:` packages from the registry instead of node_modules. */
  downloadsNpm: boolean;
  onLog(line: string): void;
  /** Told what each call has used, once it is over. */
  onUsage(usage: CallUsage): void;
  onSpawn?(child: ChildProcess): void;
  /**
   * The process has ended, however that came about.
   * @param hasServed whether any request had been given to it
   */
  onEnd(hasServed: boolean): void;
}

export class BootFailed extends Error {}
export class IdleTimeout extends Error {}
/** It was stopped, for new files or for good, before it had seen the request. */
export class Replaced extends Error {}

/** One process that runs one function. */
export type Isolate = ReturnType<typeof startIsolate>;

/** Starts the process; its failure to boot shows with the first `fetch`. */
export function startIsolate(options: IsolateOptions) {
  const { limits, folder, root, downloadsNpm } = options;
  const token = randomUUID();
  const child = spawn(
    options.deno,
    denoArguments({ root, folder, token, memoryMb: limits.memoryMb, downloadsNpm }),
    {
      cwd: folder,
      // Nothing of this process' own environment: what is not given here does not exist hosted.
      env: {
        ...wayOut(),
        ...options.environment,
        DENO_DIR: path.join(localDirectory, "deno"),
        NO_COLOR: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own: Ctrl-C must not reach it before it is drained.
      detached: true,
    },
  );
  options.onSpawn?.(child);
  const started = Date.now();
  let ended = false;
  let hasServed = false;
  const gone = endOf(child).then(() => {
    ended = true;
    clearTimeout(retirement);
    options.onEnd(hasServed);
  });
  const port = listeningPort(child, token, options, gone);
  const booted = port.then(
    () => {},
    () => {},
  );
  let stopping: Promise<void> | undefined;
  const retirement = setTimeout(() => void stop(), limits.wallClockMs);
  retirement.unref();

  /** Lets it finish what it has begun, within the grace; then ends it. */
  function stop(): Promise<void> {
    stopping ??= (async () => {
      child.kill("SIGTERM");
      await Promise.race([gone, sleep(limits.graceMs, undefined, { ref: false })]);
      if (!ended) child.kill("SIGKILL");
      await gone;
    })();
    return stopping;
  }

  return {
    /** Whether new requests may be given to it. */
    isFresh: () =>
      !ended && stopping === undefined && Date.now() - started < limits.wallClockMs / 2,
    /** Settles once it listens or cannot. */
    booted,
    /** @throws BootFailed, Replaced, IdleTimeout, ConnectionLost */
    async fetch(request: Request): Promise<Response> {
      const chosen = await port.catch((error: unknown) => {
        throw stopping === undefined ? error : new Replaced();
      });
      hasServed = true;
      const timeout = new AbortController();
      const timer = setTimeout(() => timeout.abort(new IdleTimeout()), limits.idleMs);
      try {
        return await forward(request, chosen, AbortSignal.any([timeout.signal, request.signal]));
      } catch (error) {
        // The exit is noticed later than the broken connection; callers rely on `isFresh`.
        if (error instanceof ConnectionLost) {
          await Promise.race([gone, sleep(200, undefined, { ref: false })]);
        }
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    stop,
  };
}

/** How downloads leave this machine; the runtime takes it out of what the function sees. */
function wayOut(): Record<string, string> {
  const names =
    /^(https?_proxy|no_proxy|npm_config_registry|deno_(cert|tls_ca_store)|node_extra_ca_certs)$/i;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      names.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

/** Passes the process' output on as lines, but for what its runtime says; waits for its port. */
function listeningPort(
  child: ChildProcess,
  token: string,
  { limits, onLog, onUsage }: IsolateOptions,
  gone: Promise<void>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        if (!line.startsWith(`${token} `)) {
          if (line !== "") onLog(line);
          return;
        }
        // Of our own runtime: nobody else knows the token.
        const message: { used: CallUsage } | { port: number } = JSON.parse(
          line.slice(token.length + 1),
        );
        if ("used" in message) return onUsage(message.used);
        clearTimeout(deadline);
        resolve(message.port);
      });
    }
    const deadline = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new BootFailed("The function did not start in time."));
    }, limits.bootMs);
    void gone.then(() => {
      clearTimeout(deadline);
      reject(new BootFailed("The function ended before it listened."));
    });
  });
}
