import pg from "pg";
import { z } from "zod";
import type { Caller } from "../caller.ts";
import { isConnectionError } from "../sql/sql.ts";

/** The body of every refusal of the Data API. */
interface ApiError {
  code: string;
  message: string;
  details: unknown;
  hint: string | null;
}

function errorResponse(status: number, error: ApiError): Response {
  const headers = new Headers({
    "content-type": "application/json; charset=utf-8",
    "proxy-status": `PostgREST; error=${error.code}`,
  });
  if (status === 401) headers.set("www-authenticate", "Bearer");
  return new Response(JSON.stringify(error), { status, headers });
}

/**
 * What PostgREST answers when a statement fails: the SQLSTATE as `code`, the HTTP status by its
 * table. Null for errors that did not come from the database or the way to it.
 */
export function databaseErrorResponse(error: unknown, caller: Caller): Response | null {
  if (isConnectionError(error)) {
    return errorResponse(503, {
      code: "PGRST001",
      message: "Database client error. Retrying the connection.",
      details: error.message,
      hint: null,
    });
  }
  if (!(error instanceof pg.DatabaseError)) return null;
  const { code = "XX000", message, detail, hint } = error;
  if (code === "PGRST") return raisedResponse(message, detail);
  return errorResponse(statusOf(code, message, caller), {
    code,
    message,
    details: detail ?? null,
    hint: hint ?? null,
  });
}

/** The table of PostgREST's `pgErrorStatus`; anything not in it is the caller's fault, 400. */
function statusOf(code: string, message: string, caller: Caller): number {
  const custom = /^PT([2-5]\d\d)$/.exec(code)?.[1];
  if (custom !== undefined) return Number(custom);
  switch (code) {
    case "23503":
    case "23505":
      return 409;
    case "25006":
      return 405;
    case "53400":
    case "42P17":
      return 500;
    case "P0001":
      return 400;
    case "21000":
      return message.endsWith("requires a WHERE clause") ? 400 : 500;
    case "42883":
    case "42P01":
      return 404;
    case "22023":
      return /^role .*does not exist$/s.test(message) ? 401 : 400;
    case "42501":
      return caller.role === "anon" ? 401 : 403;
  }
  if (/^(0L|0P|28)/.test(code)) return 403;
  if (/^(08|53)/.test(code)) return 503;
  if (/^(09|25|2D|38|39|3B|40|54|55|57|58|F0|HV|P0|XX)/.test(code)) return 500;
  return 400;
}

const raisedMessage = z.object({
  code: z.string(),
  message: z.string(),
  details: z.string().nullable().default(null),
  hint: z.string().nullable().default(null),
});
const raisedDetail = z.object({
  status: z.int().min(200).max(599),
  status_text: z.string().optional(),
  headers: z.record(z.string(), z.string()),
});

/** `raise sqlstate 'PGRST'`: the function itself gives body, status and headers, as JSON. */
function raisedResponse(message: string, detail: string | undefined): Response {
  const body = parsed(raisedMessage, message);
  if (body === null) {
    return unreadable(
      `Invalid JSON value for MESSAGE: '${message}'`,
      "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'.",
    );
  }
  const how = parsed(raisedDetail, detail ?? "");
  if (how !== null) {
    const { status, status_text: statusText = "", headers } = how;
    const own = errorResponse(status, body);
    return new Response(own.body, {
      status,
      statusText,
      headers: [...own.headers, ...Object.entries(headers)],
    });
  }
  return unreadable(
    detail === undefined
      ? "DETAIL is missing in the RAISE statement"
      : `Invalid JSON value for DETAIL: '${detail}'`,
    "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and optional key: 'status_text'.",
  );
}

function parsed<T>(shape: z.ZodType<T>, text: string): T | null {
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function unreadable(details: string, hint: string): Response {
  return errorResponse(500, {
    code: "PGRST121",
    message: "Could not parse JSON in the \"RAISE SQLSTATE 'PGRST'\" error",
    details,
    hint,
  });
}

/** Ends a request, and its transaction, with an answer of PostgREST's own. */
export class Refusal extends Error {
  readonly response: Response;
  readonly code: string;

  constructor(status: number, error: Partial<ApiError> & { code: string; message: string }) {
    super(error.message);
    this.code = error.code;
    this.response = errorResponse(status, { details: null, hint: null, ...error });
  }
}

export class ParseFailure extends Refusal {
  constructor(what: string, text: string, at: number) {
    const found = text[at] === undefined ? "end of input" : JSON.stringify(text[at]);
    super(400, {
      code: "PGRST100",
      message: `"failed to parse ${what} (${text})" (line 1, column ${at + 1})`,
      details: `unexpected ${found}`,
    });
  }
}

/** The candidate most like a name that was not found; null where none is like it. */
export function similar(wanted: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestScore = 0.6;
  for (const candidate of new Set(candidates)) {
    const score = likeness(wanted, candidate);
    if (score > bestScore) [best, bestScore] = [candidate, score];
  }
  return best;
}

/** How many pairs of letters both have, from 0 to 1. */
function likeness(one: string, other: string): number {
  const [a, b] = [pairs(one), pairs(other)];
  const shared = [...a].filter((pair) => b.has(pair)).length;
  return (2 * shared) / Math.max(1, a.size + b.size);
}

function pairs(word: string): Set<string> {
  const framed = `-${word.toLowerCase()}-`;
  return new Set(Array.from({ length: framed.length - 1 }, (_, at) => framed.slice(at, at + 2)));
}
