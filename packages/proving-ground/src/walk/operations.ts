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

/** What a worker does to one item, with the token that it was last given for it. */
export type WorkerCall =
  | { does: "complete"; worker: string; item: ItemName; flawed?: boolean }
  | { does: "fail"; worker: string; item: ItemName; retryable: boolean; unavailable?: boolean }
  | { does: "defer"; worker: string; item: ItemName; seconds: number }
  | { does: "extend"; worker: string; item: ItemName; seconds: number }
  | { does: "release"; worker: string; item: ItemName };

export type Operation =
  | WorkerCall
  | { does: "claim"; worker: string; stage: Stage; batch: number }
  | { does: "sweep" }
  /** Moves the clock to the end of the next lease or backoff, or by so many seconds. */
  | { does: "wait"; seconds?: number }
  | { does: "record"; recording: string; owner: string }
  | { does: "upload"; recording: string; status: "pending" | "completed" | "failed" }
  | { does: "retry"; item: ItemName; by: "owner" | "stranger" | "operator" }
  /** To other words, to none, or to the same ones. */
  | { does: "reword"; feedback: `${string}.${number}`; to: "other" | "blank" | "same" }
  /** An operator writes one more SSML segment by hand. */
  | { does: "add ssml"; feedback: `${string}.${number}` }
  | { does: "delete"; recording: string }
  | { does: "close account"; owner: string };

/** Failures of a provider that is not there open its circuit. */
export function codeOf({ unavailable }: WorkerCall & { does: "fail" }): string {
  return unavailable ? "provider_unavailable" : "provider_rejected";
}

/** One line for a reader, e.g. `w1 fails ssml a.0, retryable`. */
export function describe(operation: Operation): string {
  switch (operation.does) {
    case "claim":
      return `${operation.worker} claims ${operation.batch} of ${operation.stage}`;
    case "complete":
      return `${operation.worker} completes ${operation.item}${operation.flawed ? ", with a flaw" : ""}`;
    case "fail":
      return `${operation.worker} fails ${operation.item}: ${codeOf(operation)}, ${operation.retryable ? "" : "not "}retryable`;
    case "defer":
      return `${operation.worker} defers ${operation.item} by ${operation.seconds} s`;
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
    case "retry":
      return `${operation.by} retries ${operation.item}`;
    case "reword":
      return `message of ${operation.feedback} changes to ${operation.to} words`;
    case "add ssml":
      return `an operator adds SSML to ${operation.feedback}`;
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
