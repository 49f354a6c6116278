import { ShuttingDown } from "./worker/abort.ts";

/**
 * What the Edge Runtime supplies, and nothing else does: the only file that touches it. The types
 * are declared here because Deno, Node and the tests check the same files with different globals.
 */
declare const Deno: {
  env: { toObject(): Record<string, string> };
  resolveDns(host: string, type: "A" | "AAAA"): Promise<string[]>;
};
declare const EdgeRuntime: { waitUntil(task: Promise<unknown>): void } | undefined;

export interface Runtime {
  environment(): Record<string, string | undefined>;
  fetch: typeof fetch;
  /** Keeps the isolate alive until the promise settles, beyond the answer. */
  background(task: Promise<unknown>): void;
  /** The addresses that a name stands for. Throws where there are none. */
  resolve(host: string): Promise<string[]>;
  /** Aborts when the isolate is told to stop. */
  shutdown: AbortSignal;
  write(line: string): void;
}

export function edgeRuntime(): Runtime {
  const stop = new AbortController();
  addEventListener("beforeunload", () => stop.abort(new ShuttingDown()));
  return {
    environment: () => Deno.env.toObject(),
    fetch: (input, init) => fetch(input, init),
    background(task) {
      if (typeof EdgeRuntime !== "undefined") EdgeRuntime.waitUntil(task);
      else task.catch(() => undefined);
    },
    async resolve(host) {
      const types = ["A", "AAAA"] as const;
      const answers = await Promise.allSettled(types.map((type) => Deno.resolveDns(host, type)));
      const found = answers.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
      if (found.length === 0) throw new Error("The name stands for no address.");
      return found;
    },
    shutdown: stop.signal,
    write: (line) => console.log(line),
  };
}
