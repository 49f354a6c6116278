import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";
import { createMeter, type MeteredCall } from "./usage.ts";

/**
 * Runs inside Deno, around one function: `main.ts <index.ts> <token> <memory limit, MB>`. It supplies
 * what the Edge Runtime supplies (`EdgeRuntime.waitUntil`, `beforeunload`, `Deno.serve` on the
 * platform's port), says on stdout where it listens and what each call has used, and drains on SIGTERM.
 */
type Handler = (request: Request) => Response | Promise<Response>;

interface Server {
  finished: Promise<void>;
  shutdown(): Promise<void>;
}

interface ServeOptions {
  hostname: string;
  port: number;
  onListen(address: { port: number }): void;
  handler: Handler;
}

declare const Deno: {
  args: string[];
  env: { delete(name: string): void; toObject(): Record<string, string> };
  serve(options: ServeOptions): Server;
  memoryUsage(): { heapUsed: number; external: number; rss: number };
  addSignalListener(signal: "SIGTERM", listener: () => void): void;
  exit(code: number): never;
};

/** Exit codes that the host tells apart. */
const memoryExceeded = 46;

const [entry = "", token = "", memoryMb = "256"] = Deno.args;
const background = new Set<Promise<unknown>>();
const serve = Deno.serve;
let handler: Handler | undefined;
const currentCall = new AsyncLocalStorage<MeteredCall>();
const meter = createMeter(
  {
    cpuMs,
    memory: () => Deno.memoryUsage(),
    now: () => performance.now(),
  },
  (used) => tellHost({ used }),
);

// Deno's own; a hosted function does not have them.
const own =
  /^(DENO_DIR|DENO_NODE_SHIM_ACTIVE|NO_COLOR|PATH|HTTPS?_PROXY|NO_PROXY|NPM_CONFIG_REGISTRY|DENO_TLS_CA_STORE|DENO_CERT|NODE_EXTRA_CA_CERTS)$/i;
for (const name of Object.keys(Deno.env.toObject())) if (own.test(name)) Deno.env.delete(name);

Object.assign(globalThis, {
  EdgeRuntime: {
    waitUntil(task: Promise<unknown>): void {
      const settled = Promise.resolve(task).catch((error: unknown) => {
        console.error("A background task failed:", error);
      });
      background.add(settled);
      currentCall.getStore()?.includes(settled);
      void settled.finally(() => background.delete(settled));
    },
  },
});

// Functions may call Deno.serve themselves, in any of its forms; the port is the platform's.
Object.defineProperty(Deno, "serve", {
  value: (...given: unknown[]): Server => {
    const found = given
      .flatMap((part) => (isObject(part) && "handler" in part ? [part, part.handler] : [part]))
      .find((part): part is Handler => typeof part === "function");
    if (found !== undefined) handler = found;
    return { finished: new Promise(() => {}), shutdown: async () => {} };
  },
});

const module: unknown = await import(`file://${entry}`);
if (isObject(module) && isObject(module.default) && "fetch" in module.default) {
  const exported = module.default;
  const { fetch } = exported;
  if (typeof fetch === "function") handler = (request) => fetch.call(exported, request);
}
const answer = handler;
if (answer === undefined) {
  throw new Error("The function neither exports `default { fetch }` nor calls Deno.serve.");
}

const server = serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => tellHost({ port }),
  async handler(request) {
    const call = meter.begin(request.method, new URL(request.url).pathname);
    return await currentCall.run(call, async () => {
      try {
        const response = await answer(request);
        call.answered(response.status);
        return response;
      } catch (error) {
        call.answered(500);
        throw error;
      }
    });
  },
});

Deno.addSignalListener("SIGTERM", () => void drain());
setInterval(watchMemory, 250);
setInterval(() => meter.sample(), 50);

async function drain(): Promise<void> {
  dispatchEvent(new CustomEvent("beforeunload", { detail: { reason: "termination" } }));
  await server.shutdown();
  while (background.size > 0) await Promise.all(background);
  Deno.exit(0);
}

/** A line that no function writes: nobody else knows the token. */
function tellHost(message: object): void {
  console.log(`${token} ${JSON.stringify(message)}`);
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** V8 ends the process at its own limit; what lies outside its heap (buffers) is counted here. */
function watchMemory(): void {
  const { heapUsed, external } = Deno.memoryUsage();
  if (heapUsed + external <= Number(memoryMb) * 1024 * 1024) return;
  console.error(`Memory limit of ${memoryMb} MB exceeded.`);
  Deno.exit(memoryExceeded);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
