import { StageError } from "../errors.ts";

/** One request to a provider, and what it may cost. */
export interface ProviderRequest {
  url: string;
  method: "GET" | "POST" | "DELETE";
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  signal: AbortSignal;
  /** From the first byte sent to the last one read. */
  timeoutMs: number;
  /** Bytes of an answer that are read at all. */
  maxBytes: number;
}

/** A provider's answer, read to its end. */
export interface ProviderAnswer {
  ok: boolean;
  status: number;
  headers: Headers;
  text: string;
  /** From the first byte sent to the last one read. */
  ms: number;
}

/** Whatever else a provider is, it may not send us elsewhere, keep us for ever or fill the memory. */
export type ProviderCall = (request: ProviderRequest) => Promise<ProviderAnswer>;

/**
 * The one way to a provider. A redirect is not followed, since the key would go along; the deadline
 * holds for the whole answer, and reading ends at the limit. Throws StageError
 * `provider_unavailable`, or the signal's own reason.
 */
export function createProviderCall(
  provider: string,
  options: { apiKey: string; fetch: typeof fetch },
): ProviderCall {
  return async ({ url, method, headers, body, signal, timeoutMs, maxBytes }) => {
    signal.throwIfAborted();
    // A timer of its own: that of AbortSignal.timeout() could not be cleared.
    const abort = new AbortController();
    const onAbort = (): void => abort.abort(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    const began = performance.now();
    const late = unavailable(provider, "did not answer in time");
    const timer = setTimeout(() => abort.abort(late), timeoutMs);
    try {
      const response = await options.fetch(url, {
        method,
        headers: { ...headers, "x-goog-api-key": options.apiKey },
        ...(body === undefined ? {} : { body }),
        redirect: "manual",
        signal: abort.signal,
      });
      if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
        await response.body?.cancel();
        throw unavailable(provider, `wanted to send us elsewhere (status ${response.status})`);
      }
      const text = await readText(response, maxBytes, abort.signal);
      if (text === null) throw unavailable(provider, `answered with more than ${maxBytes} bytes`);
      const { ok, status, headers: answered } = response;
      return { ok, status, headers: answered, text, ms: Math.round(performance.now() - began) };
    } catch (error) {
      signal.throwIfAborted();
      if (abort.signal.aborted) throw late;
      if (error instanceof StageError) throw error;
      throw unavailable(provider, "could not be reached", error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  };
}

/** The answer's JSON; undefined when it is none. */
export function jsonOf(answer: ProviderAnswer): unknown {
  try {
    return JSON.parse(answer.text) as unknown;
  } catch {
    return undefined;
  }
}

/** Null when there is more than may be read. */
async function readText(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | null> {
  if (!response.body) return "";
  const pieces: Uint8Array[] = [];
  let size = 0;
  // Not every runtime's fetch ends a body with its signal.
  const reader = response.body.getReader();
  const stop = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) break;
      size += value.length;
      if (size > maxBytes) {
        stop();
        return null;
      }
      pieces.push(value);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
  const decoder = new TextDecoder();
  return pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode();
}

function unavailable(provider: string, what: string, cause?: unknown): StageError {
  return new StageError("provider_unavailable", "defer", { detail: `${provider} ${what}`, cause });
}
