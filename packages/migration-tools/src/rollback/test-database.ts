import { randomBytes } from "node:crypto";
import { platformSql } from "@sideline/local-stack/parts";
import type { TestStack } from "@sideline/proving-ground/testing";
import { cloneDatabase } from "@sideline/proving-ground/testing";
import pg from "pg";

/** A database of the test's own, as role `postgres` sees it. */
export interface OwnDatabase extends AsyncDisposable {
  url: string;
  client: pg.Client;
}

type Server = Pick<TestStack, "dbUrl" | "adminDbUrl">;

/** A copy of the database that the CLI has migrated. */
export async function cliMigratedDatabase(server: Server): Promise<OwnDatabase> {
  const clone = await cloneDatabase(server);
  // As on hosted: whoever applies migrations owns the database, and may make schemas in it.
  const admin = await clone.client("admin");
  await admin.query(`alter database ${clone.name} owner to postgres`);
  return {
    url: clone.url,
    client: await clone.client("postgres"),
    [Symbol.asyncDispose]: clone.drop,
  };
}

/** What a platform gives a project before its first migration, with the CLI's empty history. */
export async function emptyPlatform(server: Server): Promise<OwnDatabase> {
  const name = `platform_${randomBytes(6).toString("hex")}`;
  const admin = await connected(server.adminDbUrl);
  await admin.query(`create database ${name} owner postgres`);
  const setUp = await connected(withDatabase(server.adminDbUrl, name));
  await setUp.query("set client_min_messages = warning");
  await setUp.query(await platformSql());
  await setUp.end();
  const url = withDatabase(server.dbUrl, name);
  const client = await connected(url);
  await client.query(`
    create table supabase_migrations.schema_migrations (
      version text primary key, statements text[], name text
    )`);
  return {
    url,
    client,
    [Symbol.asyncDispose]: async () => {
      await client.end();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

function withDatabase(connectionUrl: string, name: string): string {
  const url = new URL(connectionUrl);
  url.pathname = `/${name}`;
  return url.href;
}
