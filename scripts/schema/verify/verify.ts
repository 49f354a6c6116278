import type pg from "pg";
import { ConnectionError } from "../connection/connection-error.ts";
import { compareSchemas } from "../snapshot/compare-schemas.ts";
import { readSchema } from "../snapshot/read-schema.ts";
import type { SchemaDifference, SchemaObject } from "../snapshot/schema-object.ts";
import {
  compareHistory,
  editedMigrations,
  type HistoryEntry,
  type MigrationText,
  readHistory,
} from "./history.ts";
import { originOf } from "./origin.ts";

/** A difference, and the migration that makes the object where one does. */
export interface Finding extends SchemaDifference {
  migration: string | null;
}

export interface Verdict {
  findings: Finding[];
  /** Sentences about what is no difference in itself but may explain one. */
  notes: string[];
  /** How many objects were compared. */
  objectCount: number;
}

/** All that is read of one database. */
export interface DatabaseState {
  objects: SchemaObject[];
  history: HistoryEntry[];
  /** E.g. 17. */
  serverVersion: number;
}

/**
 * @throws ConnectionError where the role sees only a part of the database, so that the rest would
 *   seem to be missing
 */
export async function readState(client: pg.Client): Promise<DatabaseState> {
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
    objects: await readSchema(client),
    history: await readHistory(client),
    serverVersion: self.version,
  };
}

/** Compares a database with one migrated from the files, and its history with the files. */
export function judge(
  expected: DatabaseState,
  actual: DatabaseState,
  files: MigrationText[],
): Verdict {
  const differences = [
    ...compareHistory(files, actual.history),
    ...compareSchemas(expected.objects, actual.objects),
  ];
  return {
    findings: differences.map((difference) => ({
      ...difference,
      migration: originOf(difference, files),
    })),
    notes: [...versionNote(expected, actual), ...editNotes(expected, actual, files)],
    objectCount: expected.objects.length,
  };
}

function versionNote(expected: DatabaseState, actual: DatabaseState): string[] {
  if (expected.serverVersion === actual.serverVersion) return [];
  return [
    `The database runs PostgreSQL ${actual.serverVersion}, the migrations were tried on ` +
      `${expected.serverVersion}: some differences may come from that.`,
  ];
}

function editNotes(
  expected: DatabaseState,
  actual: DatabaseState,
  files: MigrationText[],
): string[] {
  return editedMigrations(files, expected.history, actual.history).map(
    (file) => `${file} was edited after it had been applied here.`,
  );
}
