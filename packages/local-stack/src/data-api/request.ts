import type { Caller } from "../caller.ts";
import type { QualifiedName } from "../sql/statement.ts";
import { csvToJson } from "./csv.ts";
import { Refusal } from "./errors.ts";
import type { Call } from "./execute.ts";
import { rowsOf } from "./mutations.ts";
import { clausesAt, parseQuery, type Query } from "./query.ts";
import type { Arguments } from "./routines.ts";
import type { SelectItem } from "./select-syntax.ts";

/** A request, parsed as far as it can be without knowing the schema. */
export interface RestRequest {
  method: string;
  url: URL;
  path: string;
  headers: Headers;
  target: QualifiedName;
  query: Query;
  body: string;
  /** Null where a table is meant. */
  arguments: Arguments | null;
  isAggregated: boolean;
}

const methods = new Set(["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]);

/** What rows of a table may be written in. */
const rowTypes = new Set(["application/json", "application/x-www-form-urlencoded", "text/csv"]);

/** Reads the body once; what comes back parses anew at each call. @throws Refusal */
export async function readRequest(
  request: Request,
  schemas: readonly string[],
): Promise<() => Promise<RestRequest>> {
  const { method, headers } = request;
  const url = new URL(request.url);
  const path = url.pathname.replace(/^\/rest\/v1/, "");
  refuseNul(url);
  const isReading = method === "GET" || method === "HEAD";
  const profile = headers.get(isReading ? "accept-profile" : "content-profile");
  const schema = profile ?? schemas[0] ?? "public";
  if (!schemas.includes(schema)) {
    throw new Refusal(406, {
      code: "PGRST106",
      message: `Invalid schema: ${schema}`,
      hint: `Only the following schemas are exposed: ${schemas.join(", ")}`,
    });
  }
  const [, rpc, encoded = ""] = /^\/(rpc\/)?([^/]+)$/.exec(path) ?? [];
  const name = decoded(encoded);
  if (path === "" || path === "/") {
    throw new Refusal(404, { code: "PGRST126", message: "Root endpoint metadata is disabled" });
  }
  if (name === "") {
    throw new Refusal(404, { code: "PGRST125", message: "Invalid path specified in request URL" });
  }
  const isCall = rpc !== undefined;
  if (isCall && !isReading && method !== "POST") {
    const message = `Cannot use the ${method} method on RPC`;
    throw new Refusal(405, { code: "PGRST101", message });
  }
  if (!methods.has(method)) {
    throw new Refusal(405, { code: "PGRST117", message: `Unsupported HTTP method: ${method}` });
  }
  const contentType =
    (headers.get("content-type") ?? "application/json").split(";")[0]?.trim() ?? "";
  if (!isCall && /^P/.test(method) && !rowTypes.has(contentType)) {
    const message = `Content-Type not acceptable: ${contentType}`;
    throw new Refusal(400, { code: "PGRST102", message });
  }
  const body = isReading ? "" : await bodyOf(request, contentType, isCall);
  return async () => {
    const query = parseQuery(url.searchParams, isCall && isReading);
    takeRange(headers, query, method === "GET");
    return {
      method,
      url,
      path,
      headers,
      target: { schema, name },
      query,
      body,
      arguments: isCall ? argumentsOf(query, isReading, body, contentType) : null,
      isAggregated: query.items.some(isAggregate),
    };
  };
}

/** Postgres takes no text with NUL in it, and would read a name only up to there. */
function refuseNul({ href }: URL): void {
  if (!href.includes("%00")) return;
  const message = 'invalid byte sequence for encoding "UTF8": 0x00';
  throw new Refusal(400, { code: "22021", message });
}

/** Nothing, where the escapes of an address are none. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}

export function callOf(
  { method, path, headers, target }: RestRequest,
  caller: Caller,
  extraSearchPath: string[],
): Call {
  const { cookie = "", ...shown } = Object.fromEntries(headers);
  const cookies = Object.fromEntries(
    cookie.split(/; */).flatMap((one) => {
      const at = one.indexOf("=");
      return at < 0 ? [] : [[one.slice(0, at), one.slice(at + 1)]];
    }),
  );
  const { schema } = target;
  return { caller, method, path, headers: shown, cookies, schema, extraSearchPath };
}

function argumentsOf(
  { args }: Query,
  isReading: boolean,
  body: string,
  contentType: string,
): Arguments {
  if (isReading) {
    const names = [...new Set(args.map(([key]) => key))];
    return { kind: "address", pairs: args, names, contentType };
  }
  if (contentType === "application/x-www-form-urlencoded") {
    const pairs = [...new URLSearchParams(body)];
    return { kind: "address", pairs, names: [...new Set(pairs.map(([key]) => key))], contentType };
  }
  if (contentType !== "application/json") return { kind: "text", body, names: [], contentType };
  const object = body.trim() === "" ? "{}" : body;
  if (object.trimStart().startsWith("[")) {
    return { kind: "text", body: object, names: [], contentType };
  }
  const [row = {}] = rowsOf(object);
  return { kind: "object", body: object, names: Object.keys(row), contentType };
}

async function bodyOf(request: Request, contentType: string, isCall: boolean): Promise<string> {
  if (contentType === "application/octet-stream") {
    return `\\x${Buffer.from(await request.arrayBuffer()).toString("hex")}`;
  }
  const text = await request.text();
  if (contentType === "text/csv") return csvToJson(text);
  if (contentType !== "application/x-www-form-urlencoded" || isCall) return text;
  return JSON.stringify(Object.fromEntries(new URLSearchParams(text)));
}

/** `Range: 0-9`, of clients that do not say `limit` and `offset`. */
function takeRange(headers: Headers, query: Query, isGet: boolean): void {
  const own = clausesAt(query, "");
  const [, from, to] = /^(?:items=)?(\d+)-(\d*)$/.exec(headers.get("range") ?? "") ?? [];
  if (isGet && from !== undefined && own.limit === undefined && own.offset === undefined) {
    own.offset = Number(from);
    if (to !== undefined && to !== "") own.limit = Number(to) - Number(from) + 1;
    if ((own.limit ?? 0) < 0) {
      const between = "lower than or equal to the upper boundary in the Range header.";
      throw rangeRefusal(`The lower boundary must be ${between}`);
    }
  }
  if ((own.limit ?? 0) < 0) throw rangeRefusal("Limit should be greater than or equal to zero.");
  if (own.offset !== undefined) own.offset = Math.max(own.offset, 0);
}

function rangeRefusal(details: string): Refusal {
  const message = "Requested range not satisfiable";
  return new Refusal(416, { code: "PGRST103", message, details });
}

function isAggregate(item: SelectItem): boolean {
  return item.kind === "field" ? item.aggregate !== undefined : item.items.some(isAggregate);
}
