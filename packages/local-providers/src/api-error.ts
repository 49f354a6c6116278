import type { ContentfulStatusCode } from "hono/utils/http-status";

const STATUS_NAMES = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  402: "FAILED_PRECONDITION",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  413: "INVALID_ARGUMENT",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  501: "UNIMPLEMENTED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
} as const;

export type ApiStatus = keyof typeof STATUS_NAMES;

/** The statuses an error can be answered with. */
export const API_STATUSES = [400, 401, 402, 403, 404, 413, 429, 500, 501, 503, 504] as const;

/** An error as Google's APIs answer it: an HTTP status, its canonical name, and typed details. */
export class ApiError extends Error {
  readonly httpStatus: ApiStatus;
  readonly statusName: string;
  readonly details: readonly object[];

  constructor(
    httpStatus: ApiStatus,
    message: string,
    more: { statusName?: string; details?: readonly object[] } = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.httpStatus = httpStatus;
    this.statusName = more.statusName ?? STATUS_NAMES[httpStatus];
    this.details = more.details ?? [];
  }

  toResponse(): Response {
    const status: ContentfulStatusCode = this.httpStatus;
    const details = this.details.length > 0 ? { details: this.details } : {};
    const error = { code: status, message: this.message, status: this.statusName, ...details };
    return Response.json({ error }, { status });
  }
}

/** `google.rpc.ErrorInfo`: the machine-readable reason behind a status. */
export function errorInfo(reason: string, service: string): object {
  return {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason,
    domain: "googleapis.com",
    metadata: { service },
  };
}
