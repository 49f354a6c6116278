/**
 * The proof of supabase/rollbacks: an undo leaves exactly the schema that the migrations before it
 * make, and every row but those of what its migration made: of the tables of earlier migrations, of
 * Auth, of Storage. Then all can be applied again. The measure is a database that only ever went up.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { compareSchemas } from "../snapshot/compare-schemas.ts";
import { readSchema } from "../snapshot/read-schema.ts";
import type { SchemaObject } from "../snapshot/schema-object.ts";
import { testProject } from "../test-project.ts";
import { cliMigratedDatabase, emptyPlatform, type OwnDatabase } from "./test-database.ts";
import { applyMigration, readMigrations } from "./test-migrations.ts";
import { fillTables, type Rows, readRows, sorted, whatRemains } from "./test-rows.ts";
import { undoMigration } from "./undo.ts";

const platform = ["auth.users", "storage.buckets", "storage.objects", "vault.secrets"];

const migrations = await readMigrations();
const newestFirst = [...migrations].reverse();
/** The schema after the first n migrations, at index n. */
const schemas: SchemaObject[][] = [];
const told = new Set<string>();
let database: OwnDatabase;
let filled: Rows;
/** As the last undo left them. */
let rows: Rows;

beforeAll(async () => {
  await using rising = await emptyPlatform(inject("stack"));
  schemas.push(await readSchema(rising.client, testProject));
  for (const migration of migrations) {
    await applyMigration(rising.client, migration);
    schemas.push(await readSchema(rising.client, testProject));
  }
  database = await cliMigratedDatabase(inject("stack"));
  await fillTables(database.client);
  filled = await readRows(database.client);
  rows = filled;
});
afterAll(() => database?.[Symbol.asyncDispose]());

test("applied one by one, the files make what the CLI makes of them", async () => {
  expect(await differencesFrom(migrations.length)).toEqual([]);
});

test("every table has rows to lose", () => {
  const empty = [...filled].filter(([, rows]) => rows.length === 0).map(([name]) => name);

  expect(empty).toEqual([]);
});

describe("down, one after another, each leaves the schema before it and all other rows", () => {
  test.each(newestFirst.map(({ file }) => file))("%s", async (file) => {
    const index = migrations.findIndex((migration) => migration.file === file);
    const migration = migrations[index];
    if (migration === undefined) throw new Error(`${file} is no migration`);
    const before = rows;

    await undoMigration(database.client, migration.undo);

    expect(await differencesFrom(index)).toEqual([]);
    rows = await readRows(database.client);
    expect(sorted(rows)).toEqual(whatRemains(before, rows));
    expect(tablesGone(before, rows)).toEqual(tablesMadeBy(migration.sql));
  });
});

test("Auth, Storage and Vault have what they had, with all undone and with all applied again", async () => {
  const had = new Map(platform.map((name) => [name, filled.get(name)]));
  expect(rows).toEqual(had);

  for (const migration of migrations) await applyMigration(database.client, migration);

  expect(await differencesFrom(migrations.length)).toEqual([]);
  const again = await readRows(database.client);
  expect(new Map(platform.map((name) => [name, again.get(name)]))).toEqual(had);
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

function tablesGone(before: Rows, after: Rows): string[] {
  return [...before.keys()].filter((name) => !after.has(name)).sort();
}

function tablesMadeBy(sql: string): string[] {
  return [...sql.matchAll(/^create (?:unlogged )?table ([\w.]+) \(/gm)]
    .map(([, name = ""]) => name)
    .sort();
}
