import type pg from "pg";
import { withConnection } from "../connection/connect.ts";
import { ConnectionError } from "../connection/connection-error.ts";
import type { Scope } from "../project.ts";
import { readSchema } from "../snapshot/read-schema.ts";
import type { SchemaObject } from "../snapshot/schema-object.ts";
import { type HistoryEntry, readHistory } from "./history.ts";

/** All that is read of one database. */
export interface DatabaseState {
  objects: SchemaObject[];
  history: HistoryEntry[];
  /** E.g. 17. */
  serverVersion: number;
}

/**
 * Connects, reads, and ends the connection.
 * @throws ConnectionError, also where the role sees only a part of the database, so that the rest
 *   would seem to be missing
 */
export function readState(url: string, scope: Scope): Promise<DatabaseState> {
  return withConnection(url, (client) => readWith(client, scope));
}

async function readWith(client: pg.Client, scope: Scope): Promise<DatabaseState> {
  const { rows } = await client.query<{ role: string; all: boolean; version: number }>(
    `select current_user as role, r.rolsuper or r.rolbypassrls as all,
       current_setting('server_version_num')::int / 10000 as version
     from pg_catalog.pg_roles as r where r.rolname = current_user`,
  );
  const [self] = rows;
  if (self === undefined || !self.all) {
    throw new ConnectionError(
      "role",
      `The role ${self?.role ?? ""} sees only a part of the database: connect as postgres.`,
    );
  }
  return {
    objects: await readSchema(client, scope),
    history: await readHistory(client),
    serverVersion: self.version,
  };
}
