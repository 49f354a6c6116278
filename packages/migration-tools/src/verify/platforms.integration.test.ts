/**
 * A database that the same migrations made on another platform is no different. It has a server of
 * its own: roles and their default privileges belong to the whole server.
 */
import { startDisposableDatabase } from "@sideline/local-stack";
import pg from "pg";
import { expect, test } from "vitest";
import { compareSchemas } from "../snapshot/compare-schemas.ts";
import { readSchema } from "../snapshot/read-schema.ts";
import type { SchemaObject } from "../snapshot/schema-object.ts";
import { testProject } from "../test-project.ts";
import { migrateAsHosted } from "./hosted-platform.ts";

async function schemaOf(url: string): Promise<SchemaObject[]> {
  const client = new pg.Client(url);
  await client.connect();
  return await readSchema(client, testProject).finally(() => client.end());
}

test("what a hosted project has of its own raises no alarm, and what is ours does", async () => {
  await using database = await startDisposableDatabase();
  const here = await schemaOf(database.dbUrl);
  const admin = new pg.Client(database.adminDbUrl);
  await admin.connect();
  try {
    await migrateAsHosted(admin);
    expect(compareSchemas(here, await schemaOf(database.dbUrl))).toEqual([]);

    await admin.query("grant select on public.analysis_jobs to anon");
    await admin.query(`alter default privileges for role postgres in schema pipeline
      grant select on tables to anon`);
    const found = compareSchemas(here, await schemaOf(database.dbUrl));
    expect(found.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "default privileges tables made by postgres in pipeline to anon",
      "grant table public.analysis_jobs to anon",
    ]);
  } finally {
    await admin.end();
  }
});
