import type {
  ClaimHead,
  ErrorCode,
  FailOutcome,
  ReleaseOutcome,
  SendBackOutcome,
  WorkStage,
} from "@sideline/contracts";
import type { Json } from "@sideline/database";
import type { PaidCall } from "../ledger/ledger.ts";

/** Of a delay, in seconds: what the provider asked for, and how long to wait in all. */
export interface Delay {
  retryAfterSeconds?: number | undefined;
  withinSeconds?: number | undefined;
}

export interface Failure {
  retryable: boolean;
  asked: boolean;
}

/** One stage's side of schema `pipeline`, as the worker loop needs it. Every call may throw. */
export interface Queue<Item extends ClaimHead, Result> {
  stage: WorkStage;
  /**
   * Leases what is ready, up to the stage's batch size; nothing when nothing is. `busy`: the worker
   * holds items, so it is given none that has to be alone, and nothing while such a one is first.
   */
  claim(busy: boolean): Promise<Item[]>;
  /** `asked`: whether a provider was; what was made without one is no answer of its. */
  complete(item: Item, result: Result, asked: boolean): Promise<"completed" | "stale">;
  fail(item: Item, code: ErrorCode, message: string, how: Failure): Promise<FailOutcome>;
  defer(item: Item, code: ErrorCode, message: string, delay: Delay): Promise<FailOutcome>;
  sendBack(item: Item, code: ErrorCode, message: string): Promise<SendBackOutcome>;
  /** `progress` is kept for the next attempt. False when the item is no longer the worker's. */
  extend(item: Item, progress?: Json): Promise<boolean>;
  /** Whether something is kept for a next attempt at the item, whoever makes it. */
  keeps(item: Item): Promise<boolean>;
  release(item: Item): Promise<ReleaseOutcome>;
  /** What this question about the item was answered before, or null. */
  findAnswer(item: Item, requestHash: string): Promise<Json>;
  /** Into the ledger; it holds whoever has the item by now. */
  recordCall(item: Item, call: PaidCall): Promise<void>;
}
