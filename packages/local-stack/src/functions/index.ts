import type { ChildProcess } from "node:child_process";
import path from "node:path";
import { readSettings } from "../config/settings.ts";
import { findDeno, missingImport } from "./deno-command.ts";
import { isFunction, isFunctionName, listFunctions } from "./folders.ts";
import { ConnectionLost } from "./forward.ts";
import {
  BootFailed,
  IdleTimeout,
  type Isolate,
  type Limits,
  Replaced,
  startIsolate,
} from "./isolate.ts";
import type { CallUsage } from "./runtime/usage.ts";
import { beyondHosted } from "./usage.ts";
import { watchFolders } from "./watch.ts";

export type { Limits } from "./isolate.ts";
export type { CallUsage } from "./runtime/usage.ts";

/** The Edge Functions behind `/functions/v1`: a Deno process per function, started when needed. */
export interface FunctionsHost {
  /** Serves a request whose path is `/<name>/…`. */
  fetch(request: Request, name: string): Promise<Response>;
  /** Whether a user's token is to be checked before the function is called; false for unknown ones. */
  verifiesJwt(name: string): Promise<boolean>;
  /**
   * Starts every function, or those named, so that no first request has to wait for it. One after another: who asks
   * meanwhile has the machine.
   */
  prewarm(names?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

interface FunctionsHostOptions {
  /** `supabase/functions`; `config.toml` lies beside it, `packages` and `node_modules` above. */
  directory: string;
  /** All that functions see of the environment. */
  environment: Record<string, string>;
  /** Told each line that a function writes; lines that are not JSON get its name in front. */
  onLog(line: string): void;
  /** Told what each call has used, once it and what it left in the background are done. */
  onUsage?(name: string, usage: CallUsage): void;
  /** Told every process that is started, before anything can go wrong with it. */
  onSpawn?(child: ChildProcess, name: string): void;
  limits?: Partial<Limits>;
  /** Start functions anew when their files change. Default true. */
  watch?: boolean;
}

const hostedLimits: Limits = {
  memoryMb: 256,
  idleMs: 150_000,
  wallClockMs: 400_000,
  bootMs: 30_000,
  graceMs: 10_000,
};

/** Requests up to this size can be sent again when the process they were sent to was just gone. */
const repeatableBytes = 1024 * 1024;

/** @throws StackError when there is no Deno for this machine */
export function createFunctionsHost(options: FunctionsHostOptions): FunctionsHost {
  const directory = path.resolve(options.directory);
  const root = path.resolve(directory, "../..");
  const limits = { ...hostedLimits, ...options.limits };
  const deno = findDeno();
  const config = path.join(directory, "../config.toml");
  const current = new Map<string, Isolate>();
  const all = new Set<Isolate>();
  /** Functions whose packages are not in node_modules. */
  const downloading = new Set<string>();
  let stopped = false;

  function isolateFor(name: string): Isolate {
    const known = current.get(name);
    if (known?.isFresh()) return known;
    // A retired one finishes what it has begun; it ends at the latest with its wall clock.
    const isolate = startIsolate({
      deno,
      root,
      folder: path.join(directory, name),
      environment: options.environment,
      limits,
      downloadsNpm: downloading.has(name),
      onLog: (line) => log(name, line),
      onUsage(usage) {
        const beyond = beyondHosted(usage);
        if (beyond !== null) log(name, beyond);
        options.onUsage?.(name, usage);
      },
      onSpawn: (child) => options.onSpawn?.(child, name),
      onEnd: (hasServed) => {
        all.delete(isolate);
        // Killed while it was the current one: the next call finds another that is up already. One
        // that never came up would only fail again; it is left to the next call to try.
        if (current.get(name) === isolate && hasServed && !stopped) isolateFor(name);
      },
    });
    all.add(isolate);
    current.set(name, isolate);
    return isolate;
  }

  function log(name: string, line: string): void {
    options.onLog(line.startsWith("{") ? line : `${name}: ${line}`);
    const missing = missingImport(line);
    if (missing === null) return;
    options.onLog(`${name}: ${missing.sentence}`);
    if (missing.isNpm) downloading.add(name);
  }

  async function call(request: Request, name: string, attempt: number): Promise<Response> {
    if (stopped) return failureResponse("NOT_FOUND");
    const downloads = downloading.has(name);
    const isolate = isolateFor(name);
    const again = attempt === 1 && isRepeatable(request) ? request.clone() : undefined;
    try {
      return await isolate.fetch(request);
    } catch (error) {
      if (error instanceof Replaced) return await call(request, name, attempt);
      if (error instanceof BootFailed) {
        const isAnother = !downloads && downloading.has(name);
        return isAnother ? await call(request, name, attempt) : failureResponse("BOOT_ERROR");
      }
      if (error instanceof IdleTimeout) return failureResponse("IDLE_TIMEOUT");
      // The caller has gone away; nobody reads this.
      if (request.signal.aborted) return new Response(null, { status: 499 });
      if (!(error instanceof ConnectionLost)) throw error;
      if (error.wasGone && again !== undefined) return await call(again, name, attempt + 1);
      return failureResponse("WORKER_LIMIT");
    }
  }

  /** Read anew at each call: whoever changes them need not start again. Null where it is not to be called. */
  async function settingsOf(name: string) {
    if (!(await isFunction(directory, name))) return null;
    const { settings } = await readSettings(config);
    const { enabled = true, verify_jwt = true } = settings.functions[name] ?? {};
    return enabled ? { verify_jwt } : null;
  }

  /** A file in a function's own folder concerns that function, any other file may concern all. */
  function restart(files: string[]): void {
    const touched = files.map((file) => path.relative(directory, file).split(path.sep)[0] ?? "");
    const concerned = touched.every(isFunctionName) ? touched : [...current.keys()];
    for (const name of concerned) {
      void current.get(name)?.stop();
      current.delete(name);
    }
  }

  const packages = ["contracts", "database"].map((name) => path.join(root, "packages", name));
  const watcher =
    options.watch === false ? undefined : watchFolders([directory, ...packages], restart);

  return {
    async verifiesJwt(name) {
      return (await settingsOf(name))?.verify_jwt ?? false;
    },
    async fetch(request, name) {
      if ((await settingsOf(name)) === null) return failureResponse("NOT_FOUND");
      return await call(request, name, 1);
    },
    async prewarm(names) {
      for (const name of names ?? (await listFunctions(directory))) {
        if (!stopped) await isolateFor(name).booted;
      }
    },
    async stop() {
      stopped = true;
      watcher?.stop();
      await Promise.all([...all].map((isolate) => isolate.stop()));
    },
  };
}

function isRepeatable(request: Request): boolean {
  if (request.body === null) return true;
  const length = request.headers.get("content-length");
  return length !== null && Number(length) <= repeatableBytes;
}

/** What the platform answers when a function does not. Codes and texts as hosted. */
type Failure = "NOT_FOUND" | "BOOT_ERROR" | "WORKER_LIMIT" | "IDLE_TIMEOUT";

const failures: Record<Failure, { status: number; message: string }> = {
  NOT_FOUND: { status: 404, message: "Requested function was not found" },
  BOOT_ERROR: { status: 503, message: "Function failed to start (please check logs)" },
  WORKER_LIMIT: {
    status: 546,
    message: "Function failed due to not having enough compute resources (please check logs)",
  },
  IDLE_TIMEOUT: { status: 504, message: "The function did not answer in time" },
};

function failureResponse(code: Failure): Response {
  const { status, message } = failures[code];
  return Response.json(
    { code, message },
    { status, headers: { "access-control-allow-origin": "*", "x-sb-error-code": code } },
  );
}
