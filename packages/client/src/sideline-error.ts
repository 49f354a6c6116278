import type { ProblemCode } from "./problems/problem-code.ts";

/** What a call was refused with, or could not do. `friendlyProblem(code)` has words for users. */
export class SidelineError extends Error {
  override name = "SidelineError";
  readonly code: ProblemCode;
  /** HTTP status, where there was an answer. */
  readonly status: number | null;

  constructor(code: ProblemCode, message: string, status: number | null = null, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.status = status;
  }
}

/** Refusals by code of the Data API (SQLSTATE) and of functions, as one vocabulary. */
const codes: Record<string, ProblemCode> = {
  SL001: "not_failed",
  SL002: "invalid_request",
  SL003: "invalid_request",
  SL005: "invalid_request",
  // The account was deleted.
  PT401: "unauthorized",
  PT403: "forbidden",
  PT404: "not_found",
  PT409: "stale_revision",
  PT429: "too_many_requests",
  // Two waited for each other; the other one went on.
  "40P01": "stale_revision",
  SL030: "invalid_request",
  PGRST116: "not_found",
  PGRST301: "unauthorized",
  PGRST303: "unauthorized",
  "42501": "forbidden",
  "23514": "invalid_request",
  "22007": "invalid_request",
  "22P02": "invalid_request",
  // Text that Postgres has no form for: half a character, or NUL.
  "22P05": "invalid_request",
};

/**
 * @param error of supabase-js, or thrown by fetch
 * @param own what a code means for this call, where it means something else there
 */
export function toSidelineError(
  error: unknown,
  own: Record<string, ProblemCode> = {},
): SidelineError {
  if (error instanceof SidelineError) return error;
  const { code, message, status } = parts(error);
  const known = own[code] ?? codes[code];
  if (known) return new SidelineError(known, message, status, error);
  if (isNetworkFailure(error, message)) return new SidelineError("offline", message, null, error);
  return new SidelineError("unknown", message, status, error);
}

function parts(error: unknown): { code: string; message: string; status: number | null } {
  if (typeof error !== "object" || error === null) {
    return { code: "", message: String(error), status: null };
  }
  const code = "code" in error ? String(error.code) : "";
  const message = "message" in error ? String(error.message) : "It failed without a reason.";
  const status = "status" in error && typeof error.status === "number" ? error.status : null;
  return { code, message, status };
}

const networkFailure =
  /fetch failed|failed to fetch|load failed|networkerror|signal timed out|aborted due to timeout/i;

/** fetch throws a TypeError, which supabase-js hands on in several wrappings. */
function isNetworkFailure(error: unknown, message: string): boolean {
  if (error instanceof TypeError) return true;
  const isNamed = error instanceof Error && /FetchError$/.test(error.name);
  return isNamed || networkFailure.test(message);
}
