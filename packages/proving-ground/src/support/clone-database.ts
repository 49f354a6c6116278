import { randomBytes } from "node:crypto";
import pg from "pg";
import postgres from "postgres";
import { TEMPLATE_DATABASE, type TestStack } from "./test-stack.ts";

/** `postgres` as migrations and the API's server have it, or the superuser `supabase_admin`. */
type Role = "postgres" | "admin";

/** A private copy of the migrated database: no cron, no gateway, nobody else's rows. */
export interface ClonedDatabase extends AsyncDisposable {
  name: string;
  /** As role `postgres`. */
  url: string;
  /** As superuser `supabase_admin`. */
  adminUrl: string;
  /** One connection, which ends with the copy. */
  sql(
    role: Role,
    options?: Pick<postgres.Options<Record<string, never>>, "onnotice">,
  ): postgres.Sql;
  /** The same by the other driver. */
  client(role: Role): Promise<pg.Client>;
  /** Ends every connection to the copy and drops it. */
  drop(): Promise<void>;
}

/**
 * Copies the migrated database under a name of its own. Cheap enough (some 100 ms) for one a file.
 * Call `drop()` in `afterAll`, or let `await using` do it.
 */
export async function cloneDatabase(
  stack: Pick<TestStack, "dbUrl" | "adminDbUrl">,
): Promise<ClonedDatabase> {
  const name = `clone_${randomBytes(6).toString("hex")}`;
  // By way of the write-ahead log: copying files would wait for a checkpoint, before and after.
  const copy = `create database ${name} template ${TEMPLATE_DATABASE} strategy wal_log`;
  await asAdmin(stack.adminDbUrl, copy);
  const url = withDatabase(stack.dbUrl, name);
  const adminUrl = withDatabase(stack.adminDbUrl, name);
  const urlOf = (role: Role) => (role === "admin" ? adminUrl : url);
  const open: { end(): Promise<void> }[] = [];
  const drop = async () => {
    await Promise.all(open.map((connection) => connection.end()));
    await asAdmin(stack.adminDbUrl, `drop database if exists ${name} with (force)`);
  };
  return {
    name,
    url,
    adminUrl,
    sql(role, options = {}) {
      const sql = postgres(urlOf(role), { max: 1, onnotice: () => {}, ...options });
      open.push(sql);
      return sql;
    },
    async client(role) {
      const client = new pg.Client(urlOf(role));
      open.push(client);
      await client.connect();
      return client;
    },
    drop,
    [Symbol.asyncDispose]: drop,
  };
}

function withDatabase(connectionUrl: string, name: string): string {
  const url = new URL(connectionUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function asAdmin(adminDbUrl: string, statement: string): Promise<void> {
  const sql = postgres(adminDbUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
