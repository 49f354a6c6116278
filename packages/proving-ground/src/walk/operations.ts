/** What workers, owners, operators and time do to the machine, as plain data. */
import type { Stage } from "./transitions.ts";

/**
 * An item by name, so that a list of operations means the same in every database: `analysis a` is
 * the job of recording a, `ssml a.0` a stage of its first feedback.
 */
export type ItemName =
  | `analysis ${string}`
  | `ssml ${string}.${number}`
  | `audio ${string}.${number}`;

/** Why a worker fails an item: each says something else of the provider. */
export type Fault = "provider_rejected" | "provider_unavailable" | "internal_error";

/** Why a worker defers an item, and for how long; growing waits without a number of seconds. */
export interface Deferral {
  code: "provider_rate_limited" | "provider_unavailable" | "video_missing";
  seconds?: number;
  /** The worker's own patience. */
  within?: number;
}

/** What a worker does to one item, with the token that it was last given for it. */
export type WorkerCall =
  | { does: "complete"; worker: string; item: ItemName; flawed?: boolean }
  | { does: "fail"; worker: string; item: ItemName; retryable: boolean; code: Fault }
  | ({ does: "defer"; worker: string; item: ItemName } & Deferral)
  | { does: "send back"; worker: string; item: ItemName }
  | { does: "extend"; worker: string; item: ItemName; seconds: number }
  | { does: "release"; worker: string; item: ItemName };

export type Operation =
  | WorkerCall
  | { does: "claim"; worker: string; stage: Stage; batch: number; busy?: boolean }
  | { does: "sweep" }
  /** Moves the clock to the end of the next lease or backoff, or by so many seconds. */
  | { does: "wait"; seconds?: number }
  | { does: "record"; recording: string; owner: string }
  | { does: "upload"; recording: string; status: "pending" | "completed" | "failed" }
  /** The object of a recording appears, and somebody looks for it. */
  | { does: "recognise"; recording: string }
  | { does: "retry"; item: ItemName; by: "owner" | "stranger" | "operator" }
  /** To other words, to none, or to the same ones. */
  | { does: "reword"; feedback: `${string}.${number}`; to: "other" | "blank" | "same" }
  | { does: "delete"; recording: string }
  | { does: "close account"; owner: string };

/** One line for a reader, e.g. `w1 fails ssml a.0, retryable`. */
function describe(operation: Operation): string {
  switch (operation.does) {
    case "claim":
      return `${operation.worker} claims ${operation.batch} of ${operation.stage}${operation.busy ? ", busy" : ""}`;
    case "complete":
      return `${operation.worker} completes ${operation.item}${operation.flawed ? ", with a flaw" : ""}`;
    case "fail":
      return `${operation.worker} fails ${operation.item}: ${operation.code}, ${operation.retryable ? "" : "not "}retryable`;
    case "defer":
      return `${operation.worker} defers ${operation.item}: ${operation.code}, by ${operation.seconds ?? "more"} s${operation.within ? `, within ${operation.within} s` : ""}`;
    case "send back":
      return `${operation.worker} sends ${operation.item} back`;
    case "extend":
      return `${operation.worker} extends ${operation.item} by ${operation.seconds} s`;
    case "release":
      return `${operation.worker} releases ${operation.item}`;
    case "sweep":
      return "sweep";
    case "wait":
      return operation.seconds === undefined
        ? "time passes to the end of the next lease or backoff"
        : `${operation.seconds} s pass`;
    case "record":
      return `${operation.owner} adds recording ${operation.recording}`;
    case "upload":
      return `upload of ${operation.recording} becomes ${operation.status}`;
    case "recognise":
      return `the object of ${operation.recording} is found`;
    case "retry":
      return `${operation.by} retries ${operation.item}`;
    case "reword":
      return `message of ${operation.feedback} changes to ${operation.to} words`;
    case "delete":
      return `recording ${operation.recording} is deleted`;
    case "close account":
      return `the account of ${operation.owner} is deleted`;
  }
}

/** As a numbered list. */
export function listOf(operations: readonly Operation[]): string {
  return operations
    .map((operation, index) => `${String(index + 1).padStart(4)}. ${describe(operation)}`)
    .join("\n");
}
