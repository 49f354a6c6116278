/** A row of `net.http_request_queue`. */
export interface QueuedRequest {
  id: string;
  method: string;
  url: string;
  headers: Record<string, string> | null;
  body: Buffer | null;
  timeout_milliseconds: number;
}

/** What goes into `net._http_response` for it: an answer, or why there is none. */
export interface RequestOutcome {
  id: string;
  status_code: number | null;
  content_type: string | null;
  headers: Record<string, string> | null;
  content: string | null;
  timed_out: boolean;
  error_msg: string | null;
}

/** Sends one request, once. Never throws: whatever goes wrong is an outcome. */
export async function send(request: QueuedRequest, stopped: AbortSignal): Promise<RequestOutcome> {
  const { id, timeout_milliseconds: timeoutMs } = request;
  const none = { id, status_code: null, content_type: null, headers: null, content: null };
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(request.url, {
      method: request.method.toUpperCase(),
      headers: request.headers ?? {},
      body: request.body === null ? null : new Uint8Array(request.body),
      signal: AbortSignal.any([timeout, stopped]),
    });
    return {
      id,
      status_code: response.status,
      content_type: response.headers.get("content-type"),
      headers: Object.fromEntries(response.headers),
      // Postgres' text holds everything but the zero byte.
      content: (await response.text()).replaceAll("\0", ""),
      timed_out: false,
      error_msg: null,
    };
  } catch (error) {
    if (timeout.aborted) {
      return { ...none, timed_out: true, error_msg: `Timeout of ${timeoutMs} ms reached.` };
    }
    return { ...none, timed_out: false, error_msg: reasonOf(error) };
  }
}

/** fetch says "fetch failed" and keeps the reason in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}
