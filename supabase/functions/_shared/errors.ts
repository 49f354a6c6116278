import { type ErrorCode, limits } from "@sideline/contracts";
import { legalText } from "./legal-text.ts";
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
  code: ErrorCode;
  fate: Fate;
  /** Of `defer`: the wait that the provider named. Without one the waits grow. */
  retryAfterSeconds?: number;
  /** Of `defer`: it fails after so long in all; without it after the stage's own bound. */
  withinSeconds?: number;
  cause?: unknown;
}

/**
 * Why one work item could not be done. The message is one sentence that the owner reads as
 * `last_error`: it may quote a provider, never a key or a URL.
 */
export class StageError extends Error {
  override name = "StageError";
  readonly code: ErrorCode;
  readonly fate: Fate;
  readonly retryAfterSeconds: number | undefined;
  readonly withinSeconds: number | undefined;

  constructor(message: string, options: StageErrorOptions) {
    super(message, { cause: options.cause });
    this.code = options.code;
    this.fate = options.fate;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.withinSeconds = options.withinSeconds;
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
  const known =
    error instanceof StageError
      ? error
      : new StageError("An unexpected error stopped this step.", {
          code: "internal_error",
          fate: "retry",
        });
  const { fate, code, retryAfterSeconds, withinSeconds } = known;
  return { fate, code, message: oneSentence(known.message), retryAfterSeconds, withinSeconds };
}

/** What may be logged of an error: its code, or its class and place. */
export function describeError(error: unknown): LogFields {
  if (error instanceof StageError) return { code: error.code };
  if (error instanceof DatabaseError) return { code: "internal_error", error_name: error.message };
  if (error instanceof Interrupted) return { error_name: error.name };
  if (!(error instanceof Error)) return { code: "internal_error", error_name: typeof error };
  const frame = error.stack?.split("\n").find((line) => /^\s+at /.test(line));
  return { code: "internal_error", error_name: error.name, error_at: frame?.trim() ?? "" };
}

function oneSentence(text: string): string {
  const line = legalText(text).replace(/\s+/g, " ").trim();
  const { errorMessageLength } = limits;
  return line.length <= errorMessageLength
    ? line
    : `${line.slice(0, errorMessageLength - 1).toWellFormed()}…`;
}
