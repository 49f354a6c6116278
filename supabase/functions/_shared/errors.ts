import { type ErrorCode, errorSentences, type VideoFault, videoFaults } from "@sideline/contracts";
import type { LogFields } from "./log.ts";

/**
 * What is to become of the item:
 * - `retry`: its own fault, and another attempt can end differently;
 * - `fail`: its own fault, for good;
 * - `defer`: not its fault; it waits, and its attempt is given back;
 * - `send_back`: the stage before has to make anew what this one was given.
 */
export type Fate = "retry" | "fail" | "defer" | "send_back";

export interface StageErrorOptions {
  /** Of a video: what is wrong with it, more closely than the code says. */
  videoFault?: VideoFault | undefined;
  /** What a provider, or a check, said of it. For the log alone, which strikes out secrets. */
  detail?: string | undefined;
  /** Of `defer`: the wait that the provider named. Without one the waits grow. */
  retryAfterSeconds?: number | undefined;
  /** Of `defer`: it fails after so long in all; without it after the stage's own bound. */
  withinSeconds?: number | undefined;
  cause?: unknown;
}

/**
 * Why one work item could not be done. The message is the sentence that the owner reads as
 * `last_error`: always one of ours, by the code.
 */
export class StageError extends Error {
  override name = "StageError";
  readonly code: ErrorCode;
  readonly fate: Fate;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly withinSeconds: number | undefined;

  constructor(code: ErrorCode, fate: Fate, options: StageErrorOptions = {}) {
    const { videoFault, detail, retryAfterSeconds, withinSeconds, cause } = options;
    super(videoFault ? videoFaults[videoFault] : errorSentences[code], { cause });
    this.code = code;
    this.fate = fate;
    this.detail = detail;
    this.retryAfterSeconds = retryAfterSeconds;
    this.withinSeconds = withinSeconds;
  }
}

/** A pipeline call the database refused; `sqlState` is Postgres' or PostgREST's code. */
export class DatabaseError extends Error {
  override name = "DatabaseError";
  readonly sqlState: string;

  constructor(call: string, sqlState: string) {
    super(`${call} failed with ${sqlState}`);
    this.sqlState = sqlState;
  }
}

/** Work was stopped from outside; the item itself is not at fault. */
export class Interrupted extends Error {}

/** What is to become of an item whose work threw, and what its owner reads of it. */
export interface Settlement {
  fate: Fate;
  code: ErrorCode;
  message: string;
  retryAfterSeconds: number | undefined;
  withinSeconds: number | undefined;
}

/** The one place where an error becomes retry, failure, delay or a step back. */
export function settle(error: unknown): Settlement {
  const known = error instanceof StageError ? error : new StageError("internal_error", "retry");
  const { fate, code, message, retryAfterSeconds, withinSeconds } = known;
  return { fate, code, message, retryAfterSeconds, withinSeconds };
}

/** What may be logged of an error: its code and what a provider said, or its class and place. */
export function describeError(error: unknown): LogFields {
  if (error instanceof StageError) {
    return { code: error.code, ...(error.detail ? { detail: error.detail } : {}) };
  }
  if (error instanceof DatabaseError) return { code: "internal_error", error_name: error.message };
  if (error instanceof Interrupted) return { error_name: error.name };
  if (!(error instanceof Error)) return { code: "internal_error", error_name: typeof error };
  const frame = error.stack?.split("\n").find((line) => /^\s+at /.test(line));
  return { code: "internal_error", error_name: error.name, error_at: frame?.trim() ?? "" };
}
