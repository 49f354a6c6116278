import type { ClaimHead, ErrorCode, FailOutcome, ReleaseOutcome, Stage } from "@sideline/contracts";

/** One stage's side of schema `pipeline`, as the worker loop needs it. Every call may throw. */
export interface Queue<Item extends ClaimHead, Result> {
  stage: Stage;
  /** Leases what is ready, up to the stage's batch size; nothing when nothing is. */
  claim(): Promise<Item[]>;
  complete(item: Item, result: Result): Promise<"completed" | "stale">;
  fail(item: Item, code: ErrorCode, message: string, retryable: boolean): Promise<FailOutcome>;
  defer(item: Item, seconds: number, code: ErrorCode): Promise<FailOutcome>;
  /** False when the lease has passed to another worker. */
  extend(item: Item): Promise<boolean>;
  release(item: Item): Promise<ReleaseOutcome>;
}
