import type { ApiError, ApiErrorCode } from "@sideline/contracts";

/** An answer that is not a success. Thrown by handlers, written as ApiError. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string) {
    super(message);
    this.code = code;
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
  too_many_retries: 429,
  internal_error: 500,
  misconfigured: 503,
};

/** Browsers call the functions from other origins; which headers they may send is supabase-js' list. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers":
    "authorization, x-client-info, apikey, content-type, x-retry-count, traceparent, tracestate, baggage",
  "access-control-allow-methods": "GET, POST, OPTIONS",
};

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: { ...cors, "cache-control": "no-store" } });
}

export function errorResponse(error: HttpError): Response {
  const body: ApiError = { code: error.code, message: error.message };
  return json(body, statusOf[error.code]);
}

export function preflight(): Response {
  return new Response(null, { status: 204, headers: cors });
}
