/**
 * The proof of supabase/rollbacks: an undo leaves exactly the schema that the migrations before it
 * make, and the migration can be applied again. The measure is a database that only ever went up.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { compareSchemas } from "../snapshot/compare-schemas.ts";
import { readSchema } from "../snapshot/read-schema.ts";
import type { SchemaObject } from "../snapshot/schema-object.ts";
import { testProject } from "../test-project.ts";
import { cliMigratedDatabase, emptyPlatform, type OwnDatabase } from "./test-database.ts";
import { applyMigration, readMigrations } from "./test-migrations.ts";
import { undoMigration } from "./undo.ts";

const migrations = await readMigrations();
const newestFirst = [...migrations].reverse();
/** The schema after the first n migrations, at index n. */
const schemas: SchemaObject[][] = [];
const told = new Set<string>();
let database: OwnDatabase;

beforeAll(async () => {
  await using rising = await emptyPlatform(inject("stack"));
  schemas.push(await readSchema(rising.client, testProject));
  for (const migration of migrations) {
    await applyMigration(rising.client, migration);
    schemas.push(await readSchema(rising.client, testProject));
  }
  database = await cliMigratedDatabase(inject("stack"));
});
afterAll(() => database?.[Symbol.asyncDispose]());

test("applied one by one, the files make what the CLI makes of them", async () => {
  expect(await differencesFrom(migrations.length)).toEqual([]);
});

describe("down, up and down again", () => {
  test.each(newestFirst.map(({ file }) => file))("%s", async (file) => {
    const index = migrations.findIndex((migration) => migration.file === file);
    const migration = migrations[index];
    if (migration === undefined) throw new Error(`${file} is no migration`);

    await undoMigration(database.client, migration.undo);
    expect(await differencesFrom(index), "after going down").toEqual([]);
    await applyMigration(database.client, migration);
    expect(await differencesFrom(index + 1), "after going up again").toEqual([]);
    await undoMigration(database.client, migration.undo);
  });
});

/**
 * In words, how the database departs from the schema of the first `count` migrations. A fault that
 * stays is told once, by the migration that brought it.
 */
async function differencesFrom(count: number): Promise<string[]> {
  const differences = compareSchemas(
    schemas[count] ?? [],
    await readSchema(database.client, testProject),
  );
  const faults = differences
    .map(
      ({ change, kind, name, expected, actual }) =>
        `${change} ${kind} ${name}${change === "changed" ? `: ${expected} became ${actual}` : ""}`,
    )
    .filter((fault) => !told.has(fault));
  for (const fault of faults) told.add(fault);
  return faults;
}
