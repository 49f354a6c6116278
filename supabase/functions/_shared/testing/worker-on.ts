import type { ClaimHead } from "@sideline/contracts";
import { runLimits } from "../worker/run-limits.ts";
import { createWorker, type WorkerOptions } from "../worker/worker.ts";
import { collectingLog } from "./collecting-log.ts";
import type { MemoryQueue } from "./memory-queue.ts";

type Options = WorkerOptions<ClaimHead, string>;

/** Tests only: a worker on a queue in memory, with usual settings. */
export function workerOn(queue: MemoryQueue, options: Partial<Options> & Pick<Options, "process">) {
  const { log, lines } = collectingLog();
  const worker = createWorker<ClaimHead, string>({
    queue,
    log,
    now: () => performance.now(),
    shutdown: new AbortController().signal,
    concurrency: 4,
    ...runLimits,
    graceMs: 30_000,
    ...options,
  });
  return { worker, lines };
}
