import type { Caller } from "../caller.ts";
import { openSql, type Sql } from "../sql/sql.ts";
import { answer } from "./answer.ts";
import { type Catalog, readCatalog } from "./catalog.ts";
import { databaseErrorResponse, Refusal } from "./errors.ts";
import { enter, execute } from "./execute.ts";
import { callOperation, tableOperation } from "./operation.ts";
import { readMedia, readPreferences } from "./preferences.ts";
import { callOf, type RestRequest, readRequest } from "./request.ts";
import { watchSchema } from "./schema-watch.ts";

/** Refusals that a catalog older than the schema can cause. */
const staleCodes = new Set(["PGRST200", "PGRST202", "PGRST203", "PGRST204", "PGRST205"]);

/** Carries the answer out of a transaction that is rolled back all the same. */
class RolledBack extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super("The transaction was rolled back.");
    this.response = response;
  }
}

/** Which schema was meant, where there are several, and the address of what was read. */
function tellPlace(
  headers: Headers,
  { method, headers: asked, target, url }: RestRequest,
  schemas: string[],
): void {
  const profile = asked.get(/^(GET|HEAD)$/.test(method) ? "accept-profile" : "content-profile");
  if (headers.has("content-type") && (profile !== null || schemas.length > 1)) {
    headers.set("content-profile", target.schema);
  }
  if (!url.pathname.startsWith("/rest/v1/rpc/") && /^(GET|HEAD)$/.test(method)) {
    const query = new URLSearchParams(url.searchParams);
    query.delete("apikey");
    query.sort();
    const shown = `${query}` === "" ? "" : `?${query}`;
    headers.set("content-location", `/${encodeURIComponent(target.name)}${shown}`);
  }
}

/**
 * PostgREST's dialect over Postgres. A request is one statement, whose answer Postgres itself
 * writes as JSON: parsed (`request`, `query`), planned (`plan`, `operation`), written as SQL
 * (`read-sql`, `mutations`, `routines`), run as the caller's role, and answered (`answer`). An error
 * at any point rolls back, so that a change which `.single()` rejects has not happened.
 * @param options.sql as supabase_admin
 * @param options.dbUrl as postgres
 * @param options.schemas exposed schemas, the first is the default
 */
export async function createDataApi(options: {
  sql: Sql;
  dbUrl: string;
  schemas: string[];
  extraSearchPath: string[];
  maxRows: number;
}) {
  const { sql, dbUrl, schemas } = options;
  let catalog: Promise<Catalog> | undefined;
  const invalidate = () => {
    catalog = undefined;
  };
  const catalogNow = (): Promise<Catalog> => {
    catalog ??= readCatalog(sql, schemas).catch((error: unknown) => {
      // A failed read is not kept: the next request tries again.
      invalidate();
      throw error;
    });
    return catalog;
  };
  const pool = openSql(dbUrl, {
    max: 20,
    name: "data-api",
    // The least privileged of the platform's roles: on its own it can read nothing.
    settings: { role: "authenticator", TimeZone: "UTC" },
  });
  const watch = await watchSchema(sql, dbUrl, invalidate);

  async function serve(request: RestRequest, caller: Caller): Promise<Response> {
    const current = await catalogNow();
    const setting = (name: string) => current.setting("authenticator", `pgrst.${name}`);
    const maxRows = Number(setting("db_max_rows") ?? options.maxRows);
    const given = setting("db_extra_search_path")?.split(",");
    const extraSearchPath = given?.map((one) => one.trim()) ?? options.extraSearchPath;
    const preferences = readPreferences(request.headers);
    const media = readMedia(request.headers.get("accept"));
    if (media.kind === "plan" && setting("db_plan_enabled") !== "true") {
      throw new Refusal(406, {
        code: "PGRST107",
        message: `None of these media types are available: ${request.headers.get("accept")}`,
      });
    }
    const { method, query } = request;
    if (request.isAggregated && setting("db_aggregates_enabled") !== "true") {
      throw new Refusal(400, {
        code: "PGRST123",
        message: "Use of aggregate functions is not allowed",
      });
    }
    const operation =
      request.arguments === null
        ? tableOperation(current, request.target, method, query, request.body, preferences, maxRows)
        : callOperation(current, request.target, method, query, request.arguments, maxRows);
    if (!/allow-override/.test(setting("db_tx_end") ?? "")) preferences.tx = null;
    const isUndone = preferences.tx === "rollback";
    const { isReadOnly, routine } = operation;
    try {
      return await pool.begin(async (tx) => {
        const call = callOf(request, caller, extraSearchPath);
        await enter(tx, call, current, { isReadOnly, preferences, routine });
        const outcome = await execute(tx, operation, media, preferences, maxRows);
        const response = answer(operation, outcome, media, preferences, method);
        tellPlace(response.headers, request, schemas);
        if (isUndone) throw new RolledBack(response);
        return response;
      });
    } catch (error) {
      if (error instanceof RolledBack) return error.response;
      throw error;
    }
  }

  async function answered(request: Request, caller: Caller): Promise<Response> {
    const read = await readRequest(request, schemas);
    for (let attempt = 1; ; attempt++) {
      try {
        return await serve(await read(), caller);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (attempt > 1 || !staleCodes.has(error.code)) return error.response;
        invalidate();
      }
    }
  }

  return {
    /** Serves a request under `/rest/v1`, its whole path kept, for a caller already verified. */
    async fetch(request: Request, caller: Caller): Promise<Response> {
      try {
        return await answered(request, caller);
      } catch (error) {
        if (error instanceof Refusal) return error.response;
        const response = databaseErrorResponse(error, caller);
        if (response === null) throw error;
        return response;
      }
    },
    async stop(): Promise<void> {
      await watch.stop();
      await pool.end();
    },
  };
}
