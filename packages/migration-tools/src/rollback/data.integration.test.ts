/**
 * What an undo takes away is what its migration made. Every other row stays as it is: of the tables
 * of earlier migrations, of Auth, of Storage.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { cliMigratedDatabase, type OwnDatabase } from "./test-database.ts";
import { applyMigration, readMigrations } from "./test-migrations.ts";
import { fillTables, type Rows, readRows, sorted, whatRemains } from "./test-rows.ts";
import { undoMigration } from "./undo.ts";

const migrations = await readMigrations();
let database: OwnDatabase;
let filled: Rows;

beforeAll(async () => {
  database = await cliMigratedDatabase(inject("stack"));
  await fillTables(database.client);
  filled = await readRows(database.client);
});
afterAll(() => database?.[Symbol.asyncDispose]());

test("every table has rows to lose", () => {
  const empty = [...filled].filter(([, rows]) => rows.length === 0).map(([name]) => name);

  expect(empty).toEqual([]);
});

describe("rows that are left alone by the undo of", () => {
  test.each(migrations.map(({ file }) => file).reverse())("%s", async (file) => {
    const migration = migrations.find((candidate) => candidate.file === file);
    if (migration === undefined) throw new Error(`${file} is no migration`);
    const before = await readRows(database.client);

    await undoMigration(database.client, migration.undo);

    const after = await readRows(database.client);
    expect(sorted(after)).toEqual(whatRemains(before, after));
    expect(tablesGone(before, after)).toEqual(tablesMadeBy(migration.sql));
  });
});

test("Auth, Storage and Vault have what they had, with all undone and with all applied again", async () => {
  const platform = ["auth.users", "storage.buckets", "storage.objects", "vault.secrets"];
  const had = new Map(platform.map((name) => [name, filled.get(name)]));

  expect(await readRows(database.client)).toEqual(had);

  for (const migration of migrations) await applyMigration(database.client, migration);
  const again = await readRows(database.client);
  expect(new Map(platform.map((name) => [name, again.get(name)]))).toEqual(had);
});

function tablesGone(before: Rows, after: Rows): string[] {
  return [...before.keys()].filter((name) => !after.has(name)).sort();
}

function tablesMadeBy(sql: string): string[] {
  return [...sql.matchAll(/^create (?:unlogged )?table ([\w.]+) \(/gm)]
    .map(([, name = ""]) => name)
    .sort();
}
