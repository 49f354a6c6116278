import { App, type IntrospectResult } from "@supabase/lite";
import type { Caller } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import { ApiConnection, type Call } from "./connection.ts";
import { databaseErrorResponse, errorResponse } from "./errors.ts";
import { needsTwoSteps, runTwoSteps } from "./mutation-embedding.ts";
import { SchemaCache } from "./schema-cache.ts";
import { watchSchema } from "./schema-watch.ts";

export interface DataApi {
  /** Serves a request under `/rest/v1`, its whole path kept, for a caller already verified. */
  fetch(request: Request, caller: Caller): Promise<Response>;
  /** Reads the schema anew at the next request. Changes of the schema do this by themselves. */
  reloadSchema(): void;
  stop(): Promise<void>;
}

/** Refusals that a schema cache older than the schema can cause. */
const staleCodes = new Set(["PGRST200", "PGRST202", "PGRST203", "PGRST204", "PGRST205"]);

/**
 * PostgREST's dialect over Postgres, by `@supabase/lite`, which parses requests, writes SQL and
 * shapes answers. Who the caller is, transactions, errors and the schema cache are ours.
 * @param options.sql as supabase_admin
 * @param options.dbUrl as postgres
 * @param options.schemas exposed schemas, the first is the default
 */
export async function createDataApi(options: {
  sql: Sql;
  dbUrl: string;
  schemas: string[];
  maxRows: number;
}): Promise<DataApi> {
  const cache = new SchemaCache(options.dbUrl, options.schemas);
  const connection = new ApiConnection(options.dbUrl, cache);
  const app = new App({
    connection,
    api: {
      enabled: true,
      schemas: options.schemas,
      max_rows: options.maxRows,
      extra_search_path: ["public", "extensions"],
    },
    auth: { enabled: false },
    storage: { enabled: false },
    studio: { enabled: false },
    db: { migrations: { enabled: false } },
    options: { server: { apiKeys: false, disableStudio: true, disableFallback: true } },
  });
  const watch = await watchSchema(options.sql, options.dbUrl, () => cache.invalidate());

  async function answer(request: Request, call: Call): Promise<Response> {
    const step = (inner: Request) => app.fetch(inner);
    const unknown = unknownTable(call, await cache.introspection(), options.schemas);
    if (unknown !== null) return unknown;
    if (!needsTwoSteps(request)) return await connection.serve(call, () => step(request));
    const introspection = await cache.introspection();
    return await connection.transact(call, (transaction) =>
      connection.serve({ ...call, transaction }, () =>
        runTwoSteps(request, call, introspection, step),
      ),
    );
  }

  async function serve(request: Request, caller: Caller): Promise<Response> {
    const body = request.body === null ? undefined : await request.arrayBuffer();
    const call = callOf(request, caller, options.schemas[0] ?? "public");
    const response = await answer(withBody(request, body), call);
    if (!(await isStale(response))) return response;
    cache.invalidate();
    return await answer(withBody(request, body), call);
  }

  return {
    async fetch(request, caller) {
      try {
        return await serve(request, caller);
      } catch (error) {
        const response = databaseErrorResponse(error, caller);
        if (response === null) throw error;
        return response;
      }
    },
    reloadSchema: () => cache.invalidate(),
    async stop() {
      await watch.stop();
      await Promise.all([connection.close(), cache.close()]);
    },
  };
}

/** The refusal of a table or view that the exposed schema does not have; null for all else. */
function unknownTable(
  { path, schema }: Call,
  { tables, views }: IntrospectResult,
  schemas: string[],
): Response | null {
  const name = /^\/([^/]+)$/.exec(path)?.[1];
  if (name === undefined || !schemas.includes(schema)) return null;
  const table = decodeURIComponent(name);
  const isNamed = (known: { name: string; schema: string }) =>
    known.name === table && known.schema === schema;
  if (tables.some(isNamed) || views.some(isNamed)) return null;
  return errorResponse(404, {
    code: "PGRST205",
    message: `Could not find the table '${schema}.${table}' in the schema cache`,
    details: null,
    hint: null,
  });
}

function callOf(request: Request, caller: Caller, defaultSchema: string): Call {
  const { method, headers } = request;
  const reading = method === "GET" || method === "HEAD";
  const profile = headers.get(reading ? "accept-profile" : "content-profile");
  return {
    caller,
    method,
    path: new URL(request.url).pathname.replace(/^\/rest\/v1/, ""),
    headers: Object.fromEntries(headers),
    schema: profile ?? defaultSchema,
  };
}

/** A request for the library: the caller has been verified, its credentials stay outside. */
function withBody(request: Request, body: ArrayBuffer | undefined): Request {
  const headers = new Headers(request.headers);
  headers.delete("authorization");
  headers.delete("apikey");
  return new Request(request.url, { method: request.method, headers, body });
}

async function isStale(response: Response): Promise<boolean> {
  if (response.status < 300 || response.status === 401 || response.body === null) return false;
  const error: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  if (typeof error !== "object" || error === null || !("code" in error)) return false;
  return typeof error.code === "string" && staleCodes.has(error.code);
}
