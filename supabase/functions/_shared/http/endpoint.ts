import type { FunctionName } from "@sideline/contracts";
import { describeError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Caller } from "./caller.ts";
import { errorResponse, HttpError, json, preflight } from "./responses.ts";

export interface Call {
  method: string;
  /** Path below the function's own, without slashes at the ends: "", "retry", "status/7". */
  path: string;
  caller: Caller;
  /** The JSON body; undefined when there is none. */
  body: unknown;
}

export interface Endpoint {
  name: FunctionName;
  log: Log;
  authenticate(request: Request): Promise<Caller>;
  /** Told the code of each call that is refused for who makes it. */
  refused(code: "unauthorized" | "forbidden"): void;
  /** Answers what anybody may ask, whoever it is; null for all else. Throws HttpError. */
  open?: ((path: string, request: Request) => Promise<Response> | null) | undefined;
  /** Answers a call of someone known. Throws HttpError. */
  handle(call: Call): Promise<Response>;
}

/** Bytes. */
const bodyLimit = 64 * 1024;

/**
 * What is the same for every function: preflight, health, authentication, reading JSON, and errors
 * that become one sentence, a stable code and the right status.
 */
export async function answer(endpoint: Endpoint, request: Request): Promise<Response> {
  const path = pathBelow(endpoint.name, request);
  if (request.method === "OPTIONS") return preflight();
  try {
    if (path === "health") {
      if (request.method !== "GET") throw methodNotAllowed("GET");
      return json({ status: "ok", function: endpoint.name });
    }
    const opened = endpoint.open?.(path, request);
    if (opened) return await opened;
    const caller = await endpoint.authenticate(request);
    const body = await readJson(request);
    return await endpoint.handle({ method: request.method, path, caller, body });
  } catch (error) {
    if (error instanceof HttpError) {
      const { code } = error;
      if (code === "unauthorized" || code === "forbidden") endpoint.refused(code);
      return errorResponse(error);
    }
    endpoint.log.error("request.failed", describeError(error));
    return errorResponse(new HttpError("internal_error", "The request failed unexpectedly."));
  }
}

export function methodNotAllowed(allowed: string): HttpError {
  return new HttpError("method_not_allowed", `Only ${allowed} is allowed here.`);
}

/** Hosted, a function sees `/<name>/…`; behind other gateways the prefix may be longer. */
function pathBelow(name: FunctionName, request: Request): string {
  const segments = new URL(request.url).pathname.split("/").filter((segment) => segment !== "");
  const at = segments.indexOf(name);
  return segments.slice(at + 1).join("/");
}

async function readJson(request: Request): Promise<unknown> {
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  const text = await readText(request);
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new HttpError("invalid_request", "The body must be JSON.");
  }
}

/** Stops reading at the limit: a caller must not fill the memory that work items share. */
async function readText(request: Request): Promise<string> {
  if (!request.body) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const piece of request.body.values()) {
    size += piece.length;
    if (size > bodyLimit) throw new HttpError("invalid_request", "The body is too long.");
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
