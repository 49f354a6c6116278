import type { ClaimHead, WorkReport } from "@sideline/contracts";
import { describeError } from "../errors.ts";
import type { Log } from "../log.ts";
import { abortable, OutOfTime } from "./abort.ts";
import { type Attempt, beginAttempt } from "./attempt.ts";
import { keepLeases } from "./leases.ts";
import { type Outcome, putBack, released } from "./put-back.ts";
import type { Queue } from "./queue.ts";
import { type Allowance, allowanceOf, type RunLimits } from "./run-limits.ts";

export interface WorkerOptions<Item extends ClaimHead, Result> extends RunLimits {
  queue: Queue<Item, Result>;
  /** Does the work of one item. Throws StageError; its waits end when the signal aborts. */
  process(item: Item, attempt: Attempt): Promise<Result>;
  /** Called after an item was completed; wakes the next stage. */
  completed?(item: Item, result: Result): void;
  log: Log;
  /** Milliseconds; only differences count. */
  now(): number;
  /** Aborts when the isolate is being shut down. */
  shutdown: AbortSignal;
  /** Items worked on side by side. */
  concurrency: number;
  /** Called after a run that left work behind because it had done what one run may do. */
  more?(): void;
}

export interface Worker {
  /**
   * Works the queue until nothing is ready or the run has done what one may do. Called again while it runs, it
   * answers at once with empty counts: the running call looks for the new work.
   * Throws only when nothing could be claimed at all.
   */
  run(): Promise<WorkReport>;
}

type Counts = Record<Outcome | "claimed", number>;

/** The loop of every stage: claim, work side by side, complete or fail each, claim again. */
export function createWorker<Item extends ClaimHead, Result>(
  options: WorkerOptions<Item, Result>,
): Worker {
  const { queue, now, shutdown, budgetMs, graceMs, concurrency } = options;
  let running = false;
  /** Resolves when `run` is called while it runs. */
  let call = newCall();

  const workOn = async (
    item: Item,
    signal: AbortSignal,
    { mayPass }: Allowance,
  ): Promise<Outcome> => {
    const started = now();
    const log = options.log.with({
      stage: queue.stage,
      id: item.id,
      attempt: item.attempt,
      correlation_id: item.correlation_id,
    });
    const attempt = beginAttempt(queue, item, signal, log, mayPass);
    let outcome: Outcome;
    try {
      const result = await abortable(options.process(item, attempt.context), signal);
      outcome = await queue.complete(item, result, attempt.asked());
      if (outcome === "completed") options.completed?.(item, result);
    } catch (error) {
      // An aborted item fails with whatever its wait threw; the abort's reason is what counts.
      const cause: unknown = signal.aborted ? signal.reason : error;
      log.warn("item.interrupted", describeError(cause));
      outcome = await putBack(queue, item, {
        cause,
        ms: now() - started,
        budgetMs,
        kept: attempt.kept(),
        asked: attempt.asked(),
        shuttingDown: shutdown.aborted,
      }).catch((failure: unknown) => {
        log.error("item.lost", describeError(failure));
        return "lost";
      });
    }
    await attempt.end(outcome);
    log.info("item.settled", { outcome, ms: Math.round(now() - started) });
    return outcome;
  };

  /** @returns whether there may be more to do, which this run may not */
  const drain = async (counts: Counts, started: number): Promise<boolean> => {
    const allowance = allowanceOf(options);
    const held = new Map<Item, AbortController>();
    const waiting: Item[] = [];
    const inWork = new Set<Promise<void>>();
    const leases = keepLeases(queue, held, options.log);
    const abortAll = (reason: unknown): void => {
      for (const abort of held.values()) abort.abort(reason);
    };
    const onShutdown = (): void => abortAll(shutdown.reason);
    shutdown.addEventListener("abort", onShutdown, { once: true });
    const timer = setTimeout(() => abortAll(new OutOfTime()), budgetMs + graceMs);

    const claim = async (): Promise<number> => {
      const items = await queue.claim(held.size > 0);
      counts.claimed += items.length;
      allowance.claimed(items.length);
      for (const item of items) held.set(item, new AbortController());
      waiting.push(...items);
      leases.adjust(items);
      return items.length;
    };
    const start = (item: Item): void => {
      const abort = held.get(item) ?? new AbortController();
      const task = workOn(item, abort.signal, allowance).then((outcome) => {
        counts[outcome]++;
        held.delete(item);
        inWork.delete(task);
      });
      inWork.add(task);
    };
    /** Beside an item that its last worker vanished with, nothing else is put at risk. */
    const isAlone = (): boolean => [...held.keys()].some((item) => item.alone);
    const isLate = (): boolean => now() - started >= budgetMs;

    try {
      while (!shutdown.aborted && !isLate()) {
        while (inWork.size < concurrency) {
          const item = waiting.shift();
          if (!item) break;
          start(item);
        }
        if (inWork.size === concurrency || isAlone()) {
          await Promise.race(inWork);
          continue;
        }
        if (allowance.isSpent()) {
          if (inWork.size === 0) break;
          await Promise.race(inWork);
          continue;
        }
        call = newCall();
        if ((await claim()) > 0) continue;
        if (inWork.size === 0 && !call.made) break;
        await Promise.race([...inWork, call.promise]);
      }
    } finally {
      for (const item of waiting) {
        held.delete(item);
        counts[await queue.release(item).then(released, () => "lost" as const)]++;
      }
      await Promise.all(inWork);
      clearTimeout(timer);
      leases.stop();
      shutdown.removeEventListener("abort", onShutdown);
    }
    return !shutdown.aborted && (isLate() || allowance.isSpent());
  };

  return {
    async run() {
      const started = now();
      const counts = noCounts();
      if (running) {
        call.make();
      } else {
        running = true;
        let hasMore = false;
        try {
          hasMore = await drain(counts, started);
        } catch (error) {
          options.log.error("claim.failed", { stage: queue.stage, ...describeError(error) });
          if (counts.claimed === 0) throw error;
        } finally {
          running = false;
        }
        if (hasMore) options.more?.();
      }
      const report = { stage: queue.stage, ...counts, ms: Math.round(now() - started) };
      if (counts.claimed > 0) options.log.info("run.finished", { counts: report });
      return report;
    },
  };
}

function newCall() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const call = {
    made: false,
    promise,
    make(): void {
      call.made = true;
      resolve();
    },
  };
  return call;
}

function noCounts(): Counts {
  return {
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
}
