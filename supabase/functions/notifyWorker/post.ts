import { StageError } from "../_shared/errors.ts";

/** Milliseconds. */
const patienceMs = 10_000;

interface PostOptions {
  fetch: typeof globalThis.fetch;
  signal: AbortSignal;
  /** A key that is not accepted is for the operator to mend, and the message waits. */
  keyIsOurs?: boolean;
}

/**
 * Posts, and knows what became of it: who is away or busy is tried again, who refuses is not. An
 * address that a user gave and that is away says nothing of what we run, so that has a code of its
 * own. The answer's body is not read: it is somebody else's.
 */
export async function post(
  url: string | URL,
  request: { headers: Record<string, string>; body: string },
  { fetch, signal, keyIsOurs = false }: PostOptions,
): Promise<void> {
  const away = keyIsOurs ? "provider_unavailable" : "message_unanswered";
  let status: number;
  try {
    const response = await fetch(url, {
      method: "POST",
      ...request,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    });
    await response.body?.cancel();
    status = response.status;
  } catch (error) {
    signal.throwIfAborted();
    throw new StageError(away, "retry", { detail: "no answer", cause: error });
  }
  if (status >= 200 && status < 300) return;
  const detail = `status ${status}`;
  if (status >= 500 || [408, 425, 429].includes(status)) {
    throw new StageError(away, "retry", { detail });
  }
  if (keyIsOurs && [401, 403].includes(status)) {
    throw new StageError("message_not_configured", "retry", { detail });
  }
  throw new StageError("message_refused", "fail", { detail });
}
