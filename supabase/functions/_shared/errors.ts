import { type ErrorCode, limits } from "@sideline/contracts";
import { legalText } from "./legal-text.ts";
import type { LogFields } from "./log.ts";

export interface StageErrorOptions {
  code: ErrorCode;
  /** Whether another attempt can end differently. */
  retryable: boolean;
  /** The provider asked to wait this long: the attempt is given back instead of spent. */
  retryAfterSeconds?: number;
  cause?: unknown;
}

/**
 * Why one work item could not be done. The message is one sentence that the owner reads as
 * `last_error`: it may quote a provider, never a key or a URL.
 */
export class StageError extends Error {
  override name = "StageError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options: StageErrorOptions) {
    super(message, { cause: options.cause });
    this.code = options.code;
    this.retryable = options.retryable;
    this.retryAfterSeconds = options.retryAfterSeconds;
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

/** What is to become of an item whose work threw. */
export type Settlement =
  | { action: "defer"; code: ErrorCode; message: string; retryAfterSeconds: number }
  | { action: "fail"; code: ErrorCode; message: string; retryable: boolean };

/** The one place where an error becomes retry, defer or permanent failure. */
export function settle(error: unknown): Settlement {
  if (!(error instanceof StageError)) {
    return {
      action: "fail",
      code: "internal_error",
      message: "An unexpected error stopped this step.",
      retryable: true,
    };
  }
  const { code, retryable, retryAfterSeconds } = error;
  const message = oneSentence(error.message);
  return retryAfterSeconds === undefined
    ? { action: "fail", code, message, retryable }
    : { action: "defer", code, message, retryAfterSeconds };
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
