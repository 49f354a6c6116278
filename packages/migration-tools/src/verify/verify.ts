import { compareSchemas } from "../snapshot/compare-schemas.ts";
import type { SchemaDifference } from "../snapshot/schema-object.ts";
import { compareHistory, editedMigrations, type MigrationText } from "./history.ts";
import { originOf } from "./origin.ts";
import type { DatabaseState } from "./state.ts";

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
      migration: originOf(difference, files)?.file.file ?? null,
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
