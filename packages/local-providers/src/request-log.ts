import { createHash } from "node:crypto";
import { Hono, type MiddlewareHandler } from "hono";
import { type Operation, operationOf } from "./operation.ts";

/** What passes between the parts of the server during one request. */
export interface ProvidersEnv {
  Variables: {
    operation: Operation;
    /** Set by an upload: the chunk as it arrived. */
    received?: { bytes: number; sha256: string };
    /** Set by the end of an upload: the whole file. */
    file?: { name: string; bytes: number; sha256: string };
    /** Set by a fault that was injected: its kind. */
    fault?: string;
  };
}

/** One request as it arrived: enough to prove that the bytes of a video reached this server. */
export interface LoggedRequest {
  number: number;
  at: string;
  method: string;
  path: string;
  operation: Operation;
  hasApiKey: boolean;
  /** What the client says of its upload and of itself; keys are never kept. */
  headers: Record<string, string>;
  /** The request body's bytes and their SHA-256 in hexadecimal. */
  bytes: number;
  sha256: string;
  /** The JSON that was sent, when it was JSON of moderate size. */
  body?: unknown;
  file?: { name: string; bytes: number; sha256: string };
  fault?: string;
  /** Null while the answer is still out. */
  status: number | null;
}

const MOST_REQUESTS = 500;
const LARGEST_KEPT_BODY = 16 * 1024;

/** The last requests, oldest first. */
export class RequestLog {
  readonly #requests: LoggedRequest[] = [];
  #count = 0;

  add(request: Omit<LoggedRequest, "number" | "at" | "status">): LoggedRequest {
    this.#count += 1;
    const logged = { number: this.#count, at: new Date().toISOString(), ...request, status: null };
    this.#requests.push(logged);
    if (this.#requests.length > MOST_REQUESTS) this.#requests.shift();
    return logged;
  }

  list(): readonly LoggedRequest[] {
    return this.#requests;
  }

  clear(): void {
    this.#requests.length = 0;
  }
}

/** Writes every request but those to this server's own controls into `log`. */
export function recordRequests(log: RequestLog): MiddlewareHandler<ProvidersEnv> {
  return async (context, next) => {
    const { req } = context;
    // A video's bytes are hashed while they are stored; all other bodies are small.
    const isChunk =
      req.path.startsWith("/upload/") &&
      (req.query("upload_id") !== undefined ||
        req.header("x-goog-upload-protocol") === "multipart");
    const body = isChunk || req.method === "GET" ? "" : await req.text();
    const operation = operationOf(req.path, body);
    context.set("operation", operation);
    if (operation === "control") return next();
    const entry = log.add({
      method: req.method,
      path: req.path,
      operation,
      hasApiKey: req.header("x-goog-api-key") !== undefined || req.query("key") !== undefined,
      headers: keptHeaders(req.header()),
      bytes: Buffer.byteLength(body),
      sha256: createHash("sha256").update(body).digest("hex"),
      ...(body.length <= LARGEST_KEPT_BODY ? { body: readJson(body) } : {}),
    });
    await next();
    const { received, file, fault } = context.var;
    Object.assign(entry, { ...received, ...(file && { file }), ...(fault && { fault }) });
    entry.status = context.res.status;
  };
}

/** `GET /_requests` and `DELETE /_requests`. */
export function requestLogRoutes(log: RequestLog): Hono<ProvidersEnv> {
  const routes = new Hono<ProvidersEnv>();
  routes.get("/_requests", (context) => context.json({ requests: log.list() }));
  routes.delete("/_requests", (context) => {
    log.clear();
    return context.json({});
  });
  return routes;
}

function keptHeaders(all: Record<string, string>): Record<string, string> {
  const kept = /^(content-type|user-agent|x-goog-api-client|x-goog-upload-.*)$/;
  const entries = Object.entries(all).filter(([name]) => kept.test(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, value.slice(0, 300)]));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
