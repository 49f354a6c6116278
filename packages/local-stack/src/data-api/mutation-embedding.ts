import type { IntrospectResult } from "@supabase/lite";
import { z } from "zod";
import type { Call } from "./connection.ts";
import { errorResponse } from "./errors.ts";

type Row = Record<string, unknown>;

const keyAlias = "__mutated_key_";
const rowsPerRead = 1000;

/**
 * Whether a mutation returns more than plain columns: `insert(…).select("*, child(*)")`, aliases,
 * casts, JSON paths. The library reads such rows back with the mutation's own filters, and after
 * `update({ status: "b" }).eq("status", "a")` finds none.
 */
export function needsTwoSteps(request: Request): boolean {
  if (!["POST", "PATCH", "PUT", "DELETE"].includes(request.method)) return false;
  const url = new URL(request.url);
  if (url.pathname.startsWith("/rest/v1/rpc/")) return false;
  if (!/return\s*=\s*representation/.test(request.headers.get("prefer") ?? "")) return false;
  const accept = request.headers.get("accept") ?? "*/*";
  if (/csv|nulls=stripped/.test(accept)) return false;
  return /[(:>]/.test(url.searchParams.get("select") ?? "");
}

/**
 * Does the mutation returning primary keys only, and reads what was asked for by these keys, before
 * a deletion and after everything else. To be called inside the request's transaction.
 * @param step serves one request of the Data API in that transaction
 */
export async function runTwoSteps(
  request: Request,
  call: Call,
  introspection: IntrospectResult,
  step: (inner: Request) => Promise<Response>,
): Promise<Response> {
  const url = new URL(request.url);
  const table = decodeURIComponent(url.pathname.replace(/^\/rest\/v1\//, ""));
  const key = introspection.primary_keys.find(
    (candidate) => candidate.table === table && candidate.schema === call.schema,
  )?.columns;
  if (key === undefined || key.length === 0) return await step(request);

  const body = request.body === null ? undefined : await request.text();
  const found =
    request.method === "DELETE" ? await read(readUrl(url, key, url.searchParams)) : undefined;
  if (found instanceof Response) return found;
  const mutated = await step(mutation());
  if (!mutated.ok) return mutated;
  const keys = await rowsOf(mutated);
  const rows = found ?? (await readByKey(keys));
  if (rows instanceof Response) return rows;
  return shape(mutated, inOrder(rows, keys));

  function mutation(): Request {
    const target = new URL(url);
    target.searchParams.set("select", key?.join(",") ?? "*");
    target.searchParams.delete("order");
    for (const name of [...target.searchParams.keys()].filter(isEmbedded)) {
      target.searchParams.delete(name);
    }
    const headers = new Headers(request.headers);
    headers.set("accept", "application/json");
    return new Request(target, { method: request.method, headers, body });
  }

  async function readByKey(wanted: Row[]): Promise<Row[] | Response> {
    const all: Row[] = [];
    // One list per column cannot tell pairs apart, so rows with a key of several are read singly.
    const size = key?.length === 1 ? rowsPerRead : 1;
    for (let start = 0; start < wanted.length; start += size) {
      const filter = keyFilter(wanted.slice(start, start + size), key ?? []);
      const part = await read(readUrl(url, key ?? [], embeddedOnly(url.searchParams), filter));
      if (part instanceof Response) return part;
      all.push(...part);
    }
    return all;
  }

  async function read(target: URL): Promise<Row[] | Response> {
    const response = await step(
      new Request(target, {
        headers: { accept: "application/json", "accept-profile": call.schema },
      }),
    );
    return response.ok ? await rowsOf(response) : response;
  }

  /** Rows in the order asked for or, without one, in the order of the mutation; keys taken out. */
  function inOrder(rows: Row[], order: Row[]): Row[] {
    const columns = key ?? [];
    const byKey = new Map<string, Row>();
    for (const row of rows) {
      const values = columns.map((_, index) => row[keyAlias + index]);
      for (const [index] of columns.entries()) delete row[keyAlias + index];
      byKey.set(JSON.stringify(values), row);
    }
    const mutatedKeys = order.map((row) => JSON.stringify(columns.map((column) => row[column])));
    const asked = url.searchParams.has("order");
    const kept = new Set(mutatedKeys);
    const sequence = asked ? [...byKey.keys()].filter((id) => kept.has(id)) : mutatedKeys;
    return sequence.map((id) => byKey.get(id)).filter((row) => row !== undefined);
  }

  function shape(step: Response, rows: Row[]): Response {
    const headers = new Headers(step.headers);
    headers.delete("content-length");
    if (!(request.headers.get("accept") ?? "").includes("vnd.pgrst.object")) {
      return new Response(JSON.stringify(rows), { status: step.status, headers });
    }
    if (rows.length !== 1) {
      return errorResponse(406, {
        code: "PGRST116",
        message: "Cannot coerce the result to a single JSON object",
        details: `The result contains ${rows.length} rows`,
        hint: null,
      });
    }
    headers.set("content-type", "application/vnd.pgrst.object+json; charset=utf-8");
    return new Response(JSON.stringify(rows[0]), { status: step.status, headers });
  }
}

async function rowsOf(response: Response): Promise<Row[]> {
  return z.array(z.record(z.string(), z.unknown())).parse(await response.json());
}

function readUrl(
  url: URL,
  key: string[],
  parameters: URLSearchParams,
  filters: [string, string][] = [],
): URL {
  const target = new URL(url.pathname, url);
  for (const [name, value] of parameters) {
    if (name !== "select" && name !== "columns" && name !== "on_conflict") {
      target.searchParams.append(name, value);
    }
  }
  const keys = key.map((column, index) => `${keyAlias}${index}:${column}`);
  target.searchParams.set("select", [url.searchParams.get("select"), ...keys].join(","));
  for (const filter of filters) target.searchParams.append(...filter);
  return target;
}

/** Order of the rows, and what concerns embedded tables (`child.order=…`, `child.limit=…`). */
function embeddedOnly(parameters: URLSearchParams): URLSearchParams {
  return new URLSearchParams(
    [...parameters].filter(([name]) => name === "order" || name.includes(".")),
  );
}

function isEmbedded(parameter: string): boolean {
  return parameter.includes(".") && !parameter.startsWith("not.");
}

function keyFilter(rows: Row[], key: string[]): [string, string][] {
  return key.map((column) => [
    column,
    `in.(${rows.map((row) => quotedValue(row[column])).join(",")})`,
  ]);
}

function quotedValue(value: unknown): string {
  return `"${String(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
