import {
  type ClaimHead,
  errorSentences,
  type FailOutcome,
  type ReleaseOutcome,
  type WorkReport,
} from "@sideline/contracts";
import { settle } from "../errors.ts";
import { LeaseLost, OutOfTime, ToBeContinued } from "./abort.ts";
import type { Queue } from "./queue.ts";

/** What can become of a claimed item: the count of the report it is added to. */
export type Outcome = Exclude<keyof WorkReport, "stage" | "claimed" | "ms">;

export interface Interruption {
  /** What the work threw, or why it was aborted. */
  cause: unknown;
  /** How long it was worked on. */
  ms: number;
  budgetMs: number;
  /** Whether the work kept something from which another attempt goes on. */
  kept: boolean;
  /** Whether a provider was asked. */
  asked: boolean;
  shuttingDown: boolean;
}

/** Tells the database about an item that was not completed. Throws when it cannot be told. */
export async function putBack<Item extends ClaimHead, Result>(
  queue: Queue<Item, Result>,
  item: Item,
  interruption: Interruption,
): Promise<Outcome> {
  const { cause, ms, budgetMs, kept, asked, shuttingDown } = interruption;
  if (cause instanceof LeaseLost) return "stale";
  if (shuttingDown || cause instanceof ToBeContinued) return released(await queue.release(item));
  if (cause instanceof OutOfTime) {
    // Who came late, or came further, gets another chance; who had most of the time and has nothing
    // to show for it would only use it up again.
    if (ms < budgetMs / 2 || kept) return released(await queue.release(item));
    const how = { retryable: true, asked };
    return failed(await queue.fail(item, "out_of_time", errorSentences.out_of_time, how));
  }
  const { fate, code, message, ...delay } = settle(cause);
  switch (fate) {
    case "defer": {
      const outcome = await queue.defer(item, code, message, delay);
      return outcome === "queued" ? "deferred" : outcome;
    }
    case "send_back":
      return await queue.sendBack(item, code, message);
    default:
      return failed(await queue.fail(item, code, message, { retryable: fate === "retry", asked }));
  }
}

export function released(outcome: ReleaseOutcome): Outcome {
  return outcome === "queued" ? "released" : "stale";
}

function failed(outcome: FailOutcome): Outcome {
  return outcome === "queued" ? "retried" : outcome;
}
