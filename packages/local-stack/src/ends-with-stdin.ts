import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** Of a child that ends when its stdin closes. */
export interface EndsWithStdin {
  ended: Promise<void>;
  /** Closes it, and kills the child where that takes too long. */
  stop(): Promise<void>;
}

export function endsWithStdin(
  child: ChildProcessWithoutNullStreams,
  patienceMs: number,
): EndsWithStdin {
  child.stdin.on("error", () => {});
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  return {
    ended,
    async stop() {
      child.stdin.end();
      const patience = new AbortController();
      const tooLong = sleep(patienceMs, true, { signal: patience.signal }).catch(() => false);
      if (await Promise.race([ended.then(() => false), tooLong])) child.kill("SIGKILL");
      patience.abort();
      await ended;
    },
  };
}
