/** Every way in which a database may depart from its migrations is found, and nothing else. */

import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { compareSchemas } from "../snapshot/compare-schemas.ts";
import { readSchema, readSchemaHere } from "../snapshot/read-schema.ts";
import type { SchemaDifference, SchemaObject } from "../snapshot/schema-object.ts";
import { testProject } from "../test-project.ts";
import { accessDrifts } from "./access-drifts.ts";
import { detailDrifts } from "./detail-drifts.ts";
import { type Drift, plantedDrifts } from "./planted-drifts.ts";
import { subtleDrifts } from "./subtle-drifts.ts";

const stack = inject("stack");
let clone: ClonedDatabase;
let owner: pg.Client;
let superuser: pg.Client;
let expected: SchemaObject[];

beforeAll(async () => {
  clone = await cloneDatabase(stack);
  owner = new pg.Client(clone.url);
  superuser = new pg.Client(clone.adminUrl);
  await Promise.all([owner.connect(), superuser.connect()]);
  expected = await readSchema(owner, testProject);
});
afterAll(async () => {
  await Promise.all([owner.end(), superuser.end()]);
  await clone.drop();
});

/** The differences after somebody has changed the database by hand; the change is taken back. */
async function differencesAfter(drift: Drift): Promise<SchemaDifference[]> {
  if (drift.leavesRemains) return await differencesOfRemains(drift);
  const client = drift.asSuperuser ? superuser : owner;
  await client.query("begin");
  try {
    for (const statement of drift.statements) await client.query(statement);
    return compareSchemas(expected, await readSchemaHere(client, testProject));
  } finally {
    await client.query("rollback");
  }
}

async function differencesOfRemains({ statements }: Drift): Promise<SchemaDifference[]> {
  await using other = await cloneDatabase(stack);
  const client = new pg.Client(other.url);
  await client.connect();
  try {
    for (const statement of statements.slice(0, -1)) await client.query(statement);
    await expect(client.query(statements.at(-1) ?? "")).rejects.toThrow();
    return compareSchemas(expected, await readSchema(client, testProject));
  } finally {
    await client.end();
  }
}

test("another copy has no difference", async () => {
  await using other = await cloneDatabase(stack);
  const client = new pg.Client(other.url);
  await client.connect();
  const found = await readSchema(client, testProject).finally(() => client.end());

  expect(compareSchemas(expected, found)).toEqual([]);
});

test("a superuser sees the same", async () => {
  expect(compareSchemas(expected, await readSchema(superuser, testProject))).toEqual([]);
});

describe.each([
  ["planted", plantedDrifts],
  ["subtle", subtleDrifts],
  ["detail", detailDrifts],
  ["access", accessDrifts],
])("%s drift:", (_sort, drifts) => {
  test.each(drifts)("$title", async (drift) => {
    const differences = await differencesAfter(drift);

    expect(differences.map(({ change, kind, name }) => `${change} ${kind} ${name}`)).toEqual(
      drift.found,
    );
    for (const [index, [before, after]] of (drift.lines ?? []).entries()) {
      expect(differences[index]?.expected ?? "").toContain(before);
      expect(differences[index]?.actual ?? "").toContain(after);
    }
  });
});
