/** Every way in which a database may depart from its migrations is found, and nothing else. */

import { readFileSync } from "node:fs";
import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { compareSchemas } from "../snapshot/compare-schemas.ts";
import { readSchema, readSchemaHere } from "../snapshot/read-schema.ts";
import type { SchemaDifference, SchemaObject } from "../snapshot/schema-object.ts";
import { testProject } from "../test-project.ts";

const stack = inject("stack");
let clone: ClonedDatabase;
let owner: pg.Client;
let superuser: pg.Client;
let expected: SchemaObject[];

beforeAll(async () => {
  clone = await cloneDatabase(stack);
  owner = await clone.client("postgres");
  superuser = await clone.client("admin");
  expected = await readSchema(owner, testProject);
});
afterAll(() => clone.drop());

/** The differences after somebody has changed the database by hand; the change is taken back. */
async function differencesAfter(client: pg.Client, sql: string): Promise<SchemaDifference[]> {
  await client.query("begin");
  try {
    await client.query(sql);
    return compareSchemas(expected, await readSchemaHere(client, testProject));
  } finally {
    await client.query("rollback");
  }
}

test("another copy has no difference", async () => {
  await using other = await cloneDatabase(stack);
  const client = await other.client("postgres");
  const found = await readSchema(client, testProject);

  expect(compareSchemas(expected, found)).toEqual([]);
});

test("a superuser sees the same", async () => {
  expect(compareSchemas(expected, await readSchema(superuser, testProject))).toEqual([]);
});

interface Drift {
  title: string;
  sql: string;
  found: { difference: string; expected: string[]; actual: string[] }[];
}

/** The blocks of a file of `drifts/`, whose head says how they are written. */
function readDrifts(name: string): Drift[] {
  const text = readFileSync(new URL(`drifts/${name}.sql`, import.meta.url), "utf8");
  const [, ...blocks] = text.split("\n\n");
  return blocks.map((sql) => {
    const drift: Drift = { title: sql.split("\n")[0]?.slice(3) ?? "", sql, found: [] };
    for (const [, mark, words = ""] of sql.matchAll(/^--([>+-]) (.*)$/gm)) {
      const last = drift.found.at(-1);
      if (mark === ">") drift.found.push({ difference: words, expected: [], actual: [] });
      else if (mark === "-") last?.expected.push(words);
      else last?.actual.push(words);
    }
    return drift;
  });
}

describe.each(["access", "objects", "superuser"])("drifts/%s.sql:", (file) => {
  test.each(readDrifts(file))("$title", async ({ sql, found }) => {
    const differences = await differencesAfter(file === "superuser" ? superuser : owner, sql);

    expect(differences.map(({ change, kind, name }) => `${change} ${kind} ${name}`)).toEqual(
      found.map(({ difference }) => difference),
    );
    for (const [index, { expected, actual }] of found.entries()) {
      for (const piece of expected) expect(differences[index]?.expected).toContain(piece);
      for (const piece of actual) expect(differences[index]?.actual).toContain(piece);
    }
  });
});

test("an index that was never finished", async () => {
  await using other = await cloneDatabase(stack);
  const client = await other.client("postgres");
  await client.query(`
    drop index public.a_language_has_one_default_voice;
    update public.coach_voices set is_default = true`);
  const unfinished = client.query(`
    create unique index concurrently a_language_has_one_default_voice
    on public.coach_voices (language_code) where is_default`);
  await expect(unfinished).rejects.toThrow();
  const found = compareSchemas(expected, await readSchema(client, testProject));

  expect(found).toMatchObject([
    {
      change: "changed",
      name: "public.a_language_has_one_default_voice",
      actual: expect.stringContaining("invalid"),
    },
  ]);
});
