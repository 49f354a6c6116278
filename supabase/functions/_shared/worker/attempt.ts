import type { ClaimHead } from "@sideline/contracts";
import type { Json } from "@sideline/database";
import { describeError } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Log } from "../log.ts";
import { LeaseLost } from "./abort.ts";
import type { Outcome } from "./put-back.ts";
import type { Queue } from "./queue.ts";

/** What the work of one item is given beside the item. */
export interface Attempt {
  /** Aborts when the work is to stop. */
  signal: AbortSignal;
  log: Log;
  ledger: Ledger;
  /**
   * Keeps where the work has got to, for the next attempt, should this one not come to its end.
   * Throws when it could not be kept.
   */
  keep(progress: Json): Promise<void>;
  /** Whether so many bytes more may pass through in this run; they count as passed if so. */
  mayPass(bytes: number): boolean;
  /** Does this once the item goes on no more from what was kept: it is done, or begins anew. */
  atEnd(cleanUp: () => Promise<void>): void;
}

export interface RunningAttempt {
  context: Attempt;
  /** Whether anything was kept. */
  kept(): boolean;
  /** Whether a provider was asked. */
  asked(): boolean;
  /** Cleans up if this outcome is an end. Never throws. */
  end(outcome: Outcome): Promise<void>;
}

/** After these nobody goes on from what was kept. After `stale` another worker may, if it is there. */
const ends: ReadonlySet<Outcome> = new Set(["completed", "retried", "failed", "sent_back"]);

export function beginAttempt<Item extends ClaimHead, Result>(
  queue: Queue<Item, Result>,
  item: Item,
  signal: AbortSignal,
  log: Log,
  mayPass: (bytes: number) => boolean,
): RunningAttempt {
  const cleanUps: (() => Promise<void>)[] = [];
  let kept = false;
  let asked = false;
  const ledger: Ledger = {
    find: (requestHash) => queue.findAnswer(item, requestHash),
    async record(call) {
      await queue.recordCall(item, call).catch((error: unknown) => {
        log.error("call.not_recorded", { ...describeError(error), model: call.model });
      });
    },
    asking() {
      asked = true;
    },
  };
  return {
    context: {
      signal,
      log,
      mayPass,
      ledger,
      async keep(progress) {
        signal.throwIfAborted();
        if (!(await queue.extend(item, progress))) throw new LeaseLost();
        kept = true;
      },
      atEnd: (cleanUp) => void cleanUps.push(cleanUp),
    },
    kept: () => kept,
    asked: () => asked,
    async end(outcome) {
      if (cleanUps.length === 0) return;
      const isOver =
        ends.has(outcome) || (outcome === "stale" && !(await queue.keeps(item).catch(() => true)));
      if (!isOver) return;
      for (const cleanUp of cleanUps) {
        await cleanUp().catch((error: unknown) => {
          log.warn("item.not_cleaned_up", describeError(error));
        });
      }
    },
  };
}
