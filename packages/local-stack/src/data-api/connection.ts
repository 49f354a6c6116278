import { AsyncLocalStorage } from "node:async_hooks";
import type { AnyAST, IntrospectResult } from "@supabase/lite";
import { sql } from "kysely";
import type { Caller } from "../caller.ts";
import { isConnectionError } from "../sql/connection-error.ts";
import { joinByAllColumns, withoutLists } from "./composite-keys.ts";
import { databaseErrorResponse } from "./errors.ts";
import { refusalOfJoinTables } from "./join-tables.ts";
import { postgrestValue } from "./pg-types.ts";
import { type Database, PooledConnection } from "./pooled-connection.ts";
import { typeValues } from "./values.ts";

/** One request to the Data API, as the connection needs to know it. */
export interface Call {
  caller: Caller;
  method: string;
  path: string;
  headers: Record<string, string>;
  schema: string;
  /** Set while several steps of one request share a transaction. */
  transaction?: Database;
  /** Set while a statement runs: see `withoutLists`. */
  lists?: string[][];
  /** Set where the statement embeds what PostgREST would not. */
  refusal?: Response | null;
}

/** What the connection asks of the schema cache. */
export interface CatalogView {
  introspection(): Promise<IntrospectResult>;
  /** The element's type of each array type, as far as the schema has been read. */
  elementTypes(): ReadonlyMap<number, number>;
  statementTimeout(role: string): string | undefined;
}

/** Ends a transaction whose work answered with an error: rolled back, but not a fault. */
class Refused extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super("The request was refused.");
    this.response = response;
  }
}

/**
 * The connection that the Data API's statements run on. It replaces the library's own handling of
 * requests: that one decides by the tables it finds whether to switch roles at all, grants anon all
 * privileges on every schema with row level security, and knows too few SQLSTATEs.
 *
 * Here every request is one transaction as the caller's role. It is rolled back whenever the answer
 * is an error, so that a mutation which `.single()` rejects has not happened, as with PostgREST.
 */
export class ApiConnection extends PooledConnection {
  readonly #calls = new AsyncLocalStorage<Call>();
  readonly #catalog: CatalogView;

  constructor(url: string, catalog: CatalogView) {
    super({
      url,
      name: "data-api",
      max: 20,
      // The least privileged of the platform's roles: on its own it can read nothing.
      role: "authenticator",
      parse: (typeId, text) => postgrestValue(typeId, text, catalog.elementTypes()),
    });
    this.#catalog = catalog;
  }

  /** Makes `call` the one that `withContext` serves within `work`. */
  serve(call: Call, work: () => Promise<Response>): Promise<Response> {
    return this.#calls.run(call, work);
  }

  override introspect(): Promise<IntrospectResult> {
    return this.#catalog.introspection();
  }

  override async onPostgrestAST(request: AnyAST): Promise<AnyAST> {
    const introspection = await this.#catalog.introspection();
    const call = this.#calls.getStore();
    if (call !== undefined) {
      call.lists = joinByAllColumns(request, introspection);
      call.refusal = refusalOfJoinTables(request, introspection);
    }
    return typeValues(request, introspection);
  }

  override async withContext<T>(_context: unknown, work: (db: Database) => Promise<T>): Promise<T> {
    const call = this.#calls.getStore();
    if (call === undefined) throw new Error("The Data API was called outside of a request.");
    const answer = async (db: Database) => {
      if (call.refusal) return call.refusal;
      const result = await work(db);
      if (result instanceof Response) return await withoutLists(result, call.lists ?? []);
      throw new Error("The Data API's answer is not a response.");
    };
    // The library passes on whatever comes back as its answer.
    return (await (call.transaction === undefined
      ? this.transact(call, answer)
      : answer(call.transaction).catch((error) => refusalOf(error, call)))) as T;
  }

  /** Runs `work` as the caller, in one transaction; database errors become their responses. */
  async transact(call: Call, work: (db: Database) => Promise<Response>): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      let begun = false;
      try {
        return await this.kysely.transaction().execute(async (trx) => {
          await this.#enter(trx, call);
          begun = true;
          const response = await work(trx);
          if (response.status >= 400) throw new Refused(response);
          return response;
        });
      } catch (error) {
        if (error instanceof Refused) return error.response;
        // Pooled connections are dead after a restart of Postgres, and only using one shows it.
        if (!begun && attempt <= 3 && isConnectionError(error)) continue;
        return refusalOf(error, call);
      }
    }
  }

  async #enter(trx: Database, call: Call): Promise<void> {
    const readOnly = call.method === "GET" || call.method === "HEAD";
    const settings: Record<string, string> = {
      role: call.caller.role,
      "request.jwt.claims": JSON.stringify(call.caller.claims),
      "request.method": call.method,
      "request.path": call.path,
      "request.headers": JSON.stringify(call.headers),
      "response.status": "",
      "response.headers": "",
      search_path: `${quoted(call.schema)}, public, extensions`,
      transaction_read_only: readOnly ? "on" : "off",
    };
    const timeout = this.#catalog.statementTimeout(call.caller.role);
    if (timeout !== undefined) settings.statement_timeout = timeout;
    const assignments = Object.entries(settings).map(
      ([name, value]) => sql`set_config(${name}, ${value}, true)`,
    );
    await sql`select ${sql.join(assignments)}`.execute(trx);
  }
}

/** @throws whatever is not the database's */
function refusalOf(error: unknown, call: Call): Response {
  const response = databaseErrorResponse(error, call.caller);
  if (response === null) throw error;
  return response;
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
