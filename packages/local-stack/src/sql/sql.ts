/**
 * The stack's own way to Postgres: template strings over node-postgres. A connection that Postgres
 * closes, at any moment, makes what runs on it fail, and nothing else: the pool goes on with others.
 */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { systemCode } from "../stack-error.ts";
import { Part, written } from "./statement.ts";

export interface Queries {
  /** Runs a statement; values in the template become its parameters, parts become part of it. */
  <Row extends object = Record<string, unknown>>(
    strings: TemplateStringsArray,
    ...values: unknown[]
  ): Promise<Row[]>;
  /**
   * Runs a statement made elsewhere. Without values it may be several statements, and the answer is
   * the last one's.
   * @param prepare keep its plan on the connection, for statements that come again and again
   */
  run<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    prepare?: boolean,
  ): Promise<{ rows: Row[]; tag: string }>;
}

export interface Sql extends Queries {
  /** One transaction: committed when `work` succeeds, rolled back when it throws. */
  begin<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  /** One connection for several statements, without a transaction around them. */
  session<T>(work: (session: Queries) => Promise<T>): Promise<T>;
  /** Waits for what is running, but not for long; then closes every connection. */
  end(): Promise<void>;
}

interface SqlOptions {
  /** Connections at most. */
  max: number;
  /** Shown in pg_stat_activity. */
  name?: string;
  /** Settings of every session, in its start-up message. */
  settings?: Record<string, string>;
  /** Until an unused connection is closed. Default 60. */
  idleSeconds?: number;
}

const connectMs = 5_000;
const beginTries = 3;
const endMs = 2_000;

export function openSql(url: string, options: SqlOptions): Sql {
  const { max, name, settings = {}, idleSeconds = 60 } = options;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name ?? "local-stack",
    max,
    idleTimeoutMillis: idleSeconds * 1000,
    connectionTimeoutMillis: connectMs,
    options: startUpOptions(settings),
  });
  const clients = new Set<pg.PoolClient>();
  // What a lost connection was doing fails by itself; these events tell it once more, and would end
  // the process if nobody listened: for an idle connection, and for one between two statements.
  pool.on("error", () => {});
  pool.on("connect", (client) => {
    clients.add(client);
    client.on("error", () => {});
  });
  pool.on("remove", (client) => clients.delete(client));

  async function session<T>(work: (session: Queries) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let fault: unknown;
    try {
      return await work(queriesOn(client));
    } catch (error) {
      fault = error;
      throw error;
    } finally {
      // A connection that failed is not given to anybody again.
      client.release(isConnectionError(fault));
    }
  }

  return Object.assign(queriesOn(pool), {
    session,
    async begin<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
      for (let attempt = 1; ; attempt++) {
        let begun = false;
        try {
          return await session(async (tx) => {
            await tx.run("begin");
            begun = true;
            return await finish(tx, work);
          });
        } catch (error) {
          // Pooled connections are dead after a restart of Postgres, and only using one shows it.
          if (begun || attempt === beginTries || !isConnectionError(error)) throw error;
        }
      }
    },
    async end() {
      const closed = pool.end();
      const tooLong = sleep(endMs, undefined, { ref: false });
      await Promise.race([closed, tooLong]);
      // Ends a connection at once, whatever it is at.
      await Promise.allSettled([...clients].map((client) => client.end()));
    },
  });
}

async function finish<T>(tx: Queries, work: (tx: Queries) => Promise<T>): Promise<T> {
  try {
    const result = await work(tx);
    await tx.run("commit");
    return result;
  } catch (error) {
    // On a connection that is gone there is nothing left to roll back.
    await tx.run("rollback").catch(() => {});
    throw error;
  }
}

function queriesOn(connection: pg.Pool | pg.PoolClient): Queries {
  async function run<Row extends object>(
    text: string,
    values: readonly unknown[] = [],
    prepare = false,
  ) {
    const name = prepare ? createHash("sha1").update(text).digest("hex") : undefined;
    const answer: pg.QueryResult | pg.QueryResult[] = await (values.length === 0 && !prepare
      ? connection.query(text)
      : connection.query({ name, text, values: [...values] }));
    // Several statements in one text have several results.
    const last = Array.isArray(answer) ? answer.at(-1) : answer;
    return { rows: (last?.rows ?? []) as Row[], tag: tagOf(answer) };
  }
  const queries = async <Row extends object>(
    strings: TemplateStringsArray,
    ...values: unknown[]
  ) => {
    const statement = written(new Part(strings, values));
    return (await run<Row>(statement.text, statement.values)).rows;
  };
  return Object.assign(queries, { run });
}

/** `SELECT 3`, `UPDATE 1`, `CREATE TABLE`; nothing for several statements. */
function tagOf(answer: pg.QueryResult | pg.QueryResult[]): string {
  if (Array.isArray(answer)) return "";
  const { command, rowCount } = answer;
  return [command, rowCount].filter((word) => word !== null && word !== undefined).join(" ");
}

/** As libpq's `options`, in which blanks and backslashes are escaped. */
export function startUpOptions(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, "\\$&")}`)
    .join(" ");
}

/** Whether the connection failed, not the statement: Postgres is starting, stopping or gone. */
export function isConnectionError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return /^(08|57P0[123])/.test(error.code ?? "");
  if (/^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH)/.test(systemCode(error) ?? "")) return true;
  // The driver gives these no code.
  return /^Connection terminated|timeout exceeded when trying to connect|not queryable/.test(
    error.message,
  );
}

/** Whether a table is there: what an extension makes may come later, or never. */
export async function tableExists(sql: Queries, name: string): Promise<boolean> {
  const [found] = await sql<{ exists: boolean }>`select to_regclass(${name}) is not null as exists`;
  return found?.exists === true;
}
