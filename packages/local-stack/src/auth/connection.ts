import { PostgresConnection } from "@supabase/lite/postgres";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { startUpOptions } from "../sql/sql.ts";

/**
 * `@supabase/lite`'s connection over node-postgres. Its own driver, postgres.js, throws where nobody
 * can catch it when Postgres goes away in the middle of a transaction, and ends the whole process.
 */
export class PooledConnection extends PostgresConnection {
  readonly #pool: pg.Pool;

  constructor(url: string) {
    // The base class makes a driver of its own, which connects only when used, and never is.
    super({ url });
    this.#pool = new pg.Pool({
      connectionString: url,
      application_name: "auth",
      max: 5,
      idleTimeoutMillis: 60_000,
      // Callers wait for their turn, too, while passwords are hashed.
      connectionTimeoutMillis: 20_000,
      options: startUpOptions({ TimeZone: "UTC" }),
      types: { getTypeParser: typeParser },
    });
    // What a lost connection was doing fails by itself; these tell it once more, and would end the
    // process if nobody listened: for an idle connection, and for one between two statements.
    this.#pool.on("error", () => {});
    this.#pool.on("connect", (client) => client.on("error", () => {}));
    this.kysely = new Kysely({ dialect: new PostgresDialect({ pool: this.#pool }) });
  }

  override async close(): Promise<void> {
    await this.#pool.end();
  }
}

function typeParser(typeId: number, format?: string) {
  if (format === "binary") throw new Error("The pool speaks text only.");
  return (text: string | null) => (text === null ? null : plainValue(typeId, text));
}

/** Type `name[]`, in which the catalog lists columns. */
const nameArray = 1003;

/** The library's expectations: JSON parsed, times as text, everything else as usual. */
function plainValue(typeId: number, text: string): unknown {
  const { builtins } = pg.types;
  switch (typeId) {
    case builtins.DATE:
    case builtins.TIME:
    case builtins.TIMESTAMP:
    case builtins.TIMESTAMPTZ:
    case builtins.TIMETZ:
      return text;
    case builtins.INT8:
    case builtins.NUMERIC:
      return Number(text);
    case nameArray:
      return JSON.parse(text.replace(/^\{/, "[").replace(/\}$/, "]"));
    default:
      return pg.types.getTypeParser(typeId, "text")(text);
  }
}
