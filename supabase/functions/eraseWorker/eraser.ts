import type { EraseClaim, WorkReport } from "@sideline/contracts";
import { describeError, settle } from "../_shared/errors.ts";
import type { Log } from "../_shared/log.ts";
import { fileNameSchema } from "../_shared/providers/gemini-file.ts";
import type { GeminiFiles } from "../_shared/providers/gemini-files.ts";
import type { Storage } from "../_shared/storage.ts";
import type { Outcome } from "../_shared/worker/put-back.ts";
import type { Worker } from "../_shared/worker/worker.ts";
import type { ErasureQueue } from "./erasure-queue.ts";

export interface EraserOptions {
  queue: ErasureQueue;
  storage: Pick<Storage, "remove">;
  files: Pick<GeminiFiles, "erase">;
  log: Log;
  /** Milliseconds; only differences count. */
  now(): number;
  /** Aborts when the isolate is being shut down. */
  shutdown: AbortSignal;
  /** Called when a run ends with work left: wakes the next one. */
  more(): void;
  /** After this many milliseconds nothing more is claimed. */
  budgetMs: number;
}

/** Claims of one run: a hosted call has two seconds of CPU, and a claim and its result cost 10 ms. */
const claimsOfARun = 40;

/** Milliseconds for one removal. */
const longest = 60_000;

/** What stage `erase` calls the provider's copies of videos. */
const providersBucket = "gemini-files";

/**
 * The loop of stage `erase`. Other than the stages of a recording it works on many items by one
 * call: the objects of a bucket are removed together. What a vanished worker had removed is found
 * missing by the next claim.
 */
export function createEraser(options: EraserOptions): Worker {
  const { queue, storage, files, log, now, shutdown, more, budgetMs } = options;
  let running = false;

  async function erase(bucket: string, items: EraseClaim[], signal: AbortSignal): Promise<void> {
    const paths = items.map(({ path }) => path);
    if (bucket !== providersBucket) return await storage.remove(bucket, paths, signal);
    for (const name of paths) await files.erase({ name: fileNameSchema.parse(name) }, signal);
  }

  async function putBack(item: EraseClaim, cause: unknown): Promise<Outcome> {
    if (shutdown.aborted) {
      return (await queue.release(item)) === "queued" ? "released" : "stale";
    }
    const { fate, code, message } = settle(cause);
    log.warn("erasure.interrupted", { id: item.id, ...describeError(cause) });
    if (fate !== "defer") {
      const outcome = await queue.fail(item, code, message);
      return outcome === "queued" ? "retried" : outcome;
    }
    const outcome = await queue.defer(item, code, message);
    return outcome === "queued" ? "deferred" : outcome;
  }

  async function work(bucket: string, items: EraseClaim[], counts: Counts): Promise<void> {
    // Once its lease is over a row may name the object again: a removal must not come after that.
    const left = Math.min(...items.map((item) => Date.parse(item.lease_expires_at))) - Date.now();
    if (left <= 0) {
      counts.stale += items.length;
      return;
    }
    const leased = AbortSignal.timeout(Math.min(left, longest));
    try {
      shutdown.throwIfAborted();
      await erase(bucket, items, AbortSignal.any([shutdown, leased]));
      const done = await queue.complete(items);
      counts.completed += done.size;
      counts.stale += items.length - done.size;
    } catch (cause) {
      if (leased.aborted && left <= longest && !shutdown.aborted) {
        counts.stale += items.length;
        return;
      }
      // One object that cannot be removed must not keep the others.
      if (items.length > 1 && !shutdown.aborted && settle(cause).fate !== "defer") {
        for (const item of items) await work(bucket, [item], counts);
        return;
      }
      for (const item of items) {
        const outcome = await putBack(item, cause).catch((error: unknown) => {
          log.error("item.lost", { id: item.id, ...describeError(error) });
          return "lost" as const;
        });
        counts[outcome] += 1;
      }
    }
  }

  async function drain(counts: Counts): Promise<void> {
    const started = now();
    for (let claims = 0; claims < claimsOfARun && now() - started < budgetMs; claims++) {
      if (shutdown.aborted) return;
      const items = await queue.claim();
      if (items.length === 0) return;
      counts.claimed += items.length;
      for (const [bucket, group] of Map.groupBy(items, (item) => item.bucket)) {
        await work(bucket, group, counts);
      }
    }
    more();
  }

  return {
    async run() {
      const started = now();
      const counts: Counts = { ...none };
      if (!running) {
        running = true;
        try {
          await drain(counts);
        } finally {
          running = false;
        }
      }
      const report = { stage: "erase" as const, ...counts, ms: Math.round(now() - started) };
      if (counts.claimed > 0) log.info("run.finished", { counts: report });
      return report;
    },
  };
}

type Counts = Omit<WorkReport, "stage" | "ms">;

const none: Counts = {
  claimed: 0,
  completed: 0,
  retried: 0,
  deferred: 0,
  sent_back: 0,
  failed: 0,
  released: 0,
  stale: 0,
  lost: 0,
};
