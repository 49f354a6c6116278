/** Programs of other packages that run beside the stack, each as a process of its own. */
import { type ChildProcessWithoutNullStreams, type SpawnOptions, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { endOf, guard } from "./guardian/guard.ts";
import { projectDirectory } from "./project.ts";
import { StackError } from "./stack-error.ts";

export interface Providers {
  url: string;
  stop(): Promise<void>;
}

const readySchema = z.object({ url: z.url() });
const startDeadlineMs = 15_000;

/**
 * Starts the offline model and speech servers as a process of their own: decoding video and making
 * speech is work that must not hold up the gateway.
 * @throws StackError `part_failed`
 */
export async function startProviders(
  log: (line: string) => void,
  { prewarm }: { prewarm: boolean },
): Promise<Providers> {
  const args = ["--port", "0", ...(prewarm ? [] : ["--cold"])];
  const { child, ended, stop } = startBeside("local-providers/src/cli.ts", args, 2_000);
  createInterface({ input: child.stderr }).on("line", (line) => log(`providers: ${line}`));
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    new Promise<string>((resolve) => lines.once("line", resolve)),
    ended,
    sleep(startDeadlineMs, undefined, { ref: false }),
  ]);
  if (typeof line === "string") return { url: readySchema.parse(JSON.parse(line)).url, stop };
  await stop();
  throw new StackError("part_failed", "The offline model and speech servers did not start.");
}

/** Where functions find models and speech when the offline servers stand in for them. */
export function offlineEnvironment(url: string): Record<string, string> {
  return {
    GEMINI_BASE_URL: url,
    GEMINI_API_KEY: "offline",
    TTS_BASE_URL: url,
    TTS_API_KEY: "offline",
    TTS_ENCODING: "LINEAR16",
  };
}

/** One that ends sooner cannot begin: it said why, and would say no other in another try. */
const soonMs = 5_000;

/**
 * Runs the program that makes coached videos: run, never imported, for the video encoder in it is
 * GPL. As a service it is started again when it is killed. A machine for which there is no encoder
 * has none: it says so in the log, and renders wait for a worker elsewhere.
 */
export function startRenderWorker(
  options: { apiUrl: string; secretKey: string },
  log: (line: string) => void,
): { readonly pid: number | undefined; stop(): Promise<void> } {
  const entry = "render-worker/src/worker/cli.ts";
  let isStopping = false;
  let worker = start();
  return {
    get pid() {
      return worker.child.pid;
    },
    stop() {
      isStopping = true;
      return worker.stop();
    },
  };

  function start(): ReturnType<typeof startBeside> {
    const began = performance.now();
    const started = startBeside(entry, ["--until-stdin-ends"], 5_000, {
      env: {
        PATH: process.env.PATH,
        TMPDIR: process.env.TMPDIR,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        NODE_NO_WARNINGS: "1",
        SUPABASE_URL: options.apiUrl,
        SUPABASE_SECRET_KEY: options.secretKey,
        RENDER_POLL_MS: "500",
      },
    });
    const { child } = started;
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on("line", (line) => log(`render worker: ${line}`));
    }
    void started.ended.then(() => {
      const wasKilled = child.signalCode !== null;
      if (isStopping || (!wasKilled && performance.now() - began < soonMs)) return;
      log(`render worker: ended with ${child.signalCode ?? child.exitCode}, starting it again`);
      worker = start();
    });
    return started;
  }
}

/** Both end when their stdin closes, and are killed where that takes too long. */
function startBeside(entry: string, args: string[], patienceMs: number, options?: SpawnOptions) {
  const file = path.join(projectDirectory, "packages", entry);
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [file, ...args], {
    ...options,
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  guard(child, "group");
  child.stdin.on("error", () => {});
  const ended = endOf(child);
  return {
    child,
    ended,
    async stop() {
      child.stdin.end();
      const patience = sleep(patienceMs, "over", { ref: false });
      if ((await Promise.race([ended, patience])) === "over") child.kill("SIGKILL");
      await ended;
    },
  };
}
