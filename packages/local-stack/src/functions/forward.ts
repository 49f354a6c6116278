import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { systemCode } from "../stack-error.ts";

/** The process at the other end went away. */
export class ConnectionLost extends Error {
  /**
   * Whether it was gone already when the request was sent. A process that is just being killed
   * still takes connections for a moment, and then resets them.
   */
  readonly wasGone: boolean;

  constructor(cause: Error, elapsedMs: number) {
    super(cause.message, { cause });
    this.wasGone = systemCode(cause) === "ECONNREFUSED" || elapsedMs < dyingMs;
  }
}

const dyingMs = 300;

// A connection for each request: one that a dead process left behind would lose the request, while
// a refused one can safely be tried again.
const agent = new Agent({ keepAlive: false });
const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade", "expect"]);

/**
 * Sends a request on to `port` on this machine as it is: neither side's body is held in memory, and
 * encodings pass untouched, which `fetch` would undo.
 * @param signal aborts the exchange, until the answer's last byte
 * @throws ConnectionLost
 */
export function forward(request: Request, port: number, signal: AbortSignal): Promise<Response> {
  const url = new URL(request.url);
  const headers: Record<string, string> = {};
  for (const [name, value] of request.headers) {
    if (!hopByHop.has(name)) headers[name] = value;
  }
  headers.host = url.host;
  headers["x-forwarded-for"] ??= "127.0.0.1";
  headers["x-forwarded-host"] ??= url.hostname;
  headers["x-forwarded-port"] ??= url.port;
  headers["x-forwarded-proto"] ??= url.protocol.replace(":", "");

  const sent = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      agent,
      host: "127.0.0.1",
      port,
      method: request.method,
      path: url.pathname + url.search,
      headers,
      signal,
    });
    outgoing.once("response", (incoming) => resolve(toResponse(incoming)));
    outgoing.once("error", (error) => {
      reject(signal.aborted ? signal.reason : new ConnectionLost(error, performance.now() - sent));
    });
    if (request.body === null) outgoing.end();
    else {
      // Its failure is the request's, which has its own listener.
      pipeline(Readable.fromWeb(request.body as NodeReadableStream), outgoing).catch(() => {});
    }
  });
}

function toResponse(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    const [name = "", value = ""] = incoming.rawHeaders.slice(index, index + 2);
    if (!hopByHop.has(name.toLowerCase())) headers.append(name, value);
  }
  const status = incoming.statusCode ?? 502;
  if (status === 204 || status === 205 || status === 304) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(incoming) as ReadableStream, { status, headers });
}
