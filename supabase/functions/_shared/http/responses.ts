import type { ApiError, ApiErrorCode } from "@sideline/contracts";

/** An answer that is not a success. Thrown by handlers, written as ApiError. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly code: ApiErrorCode;
  readonly reason: string | undefined;

  constructor(code: ApiErrorCode, message: string, reason?: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

const statusOf: Record<ApiErrorCode, number> = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  upload_incomplete: 409,
  not_failed: 409,
  feedback_incomplete: 409,
  render_refused: 422,
  too_many_retries: 429,
  too_many_renders: 429,
  internal_error: 500,
  misconfigured: 503,
};

/** Browsers call the functions from other origins; which headers they may send is supabase-js' list. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers":
    "authorization, x-client-info, apikey, content-type, range, x-retry-count, traceparent, tracestate, baggage",
  "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
};

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: { ...cors, "cache-control": "no-store" } });
}

export function errorResponse(error: HttpError): Response {
  const { code, message, reason } = error;
  const body: ApiError = { code, message, ...(reason === undefined ? {} : { reason }) };
  return json(body, statusOf[code]);
}

/** A file, or the piece of it that storage answered with, handed on as it comes. */
export function file(stored: Response, headers: Record<string, string>): Response {
  const kept = ["content-length", "content-range", "accept-ranges", "etag"].flatMap((name) => {
    const value = stored.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return new Response(stored.body, {
    status: stored.status,
    headers: {
      ...cors,
      "access-control-expose-headers": "content-length, content-range, accept-ranges",
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      ...Object.fromEntries(kept),
      ...headers,
    },
  });
}

export function preflight(): Response {
  return new Response(null, { status: 204, headers: cors });
}
