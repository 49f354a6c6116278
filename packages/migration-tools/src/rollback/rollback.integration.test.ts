import { appendFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import {
  type Ended,
  runCommandLine,
  type TemporaryProject,
  temporaryProject,
} from "../test-command.ts";
import { readHistory } from "../verify/history.ts";
import { cliMigratedDatabase, type OwnDatabase } from "./test-database.ts";

/** One for all: each test begins with what those before it have left applied. */
let database: OwnDatabase;
let project: TemporaryProject;
let applied: string[];

beforeAll(async () => {
  database = await cliMigratedDatabase(inject("stack"));
});
afterAll(() => database?.[Symbol.asyncDispose]());
beforeEach(async () => {
  project = await temporaryProject();
  applied = await versions();
});
afterEach(() => project?.[Symbol.asyncDispose]());

function rollback(...args: string[]): Promise<Ended> {
  const place = ["--workdir", project.directory, "--db-url", database.url];
  return runCommandLine("rollback", [...args, ...place]);
}

async function versions(): Promise<string[]> {
  return (await readHistory(database.client)).map(({ version }) => version);
}

/** The file of the nth newest undo, 1 for the last migration's. */
async function undoFile(nth: number): Promise<string> {
  const migration = (await readHistory(database.client)).at(-nth);
  return path.join(
    project.directory,
    "supabase/rollbacks",
    `${migration?.version}_${migration?.name}.sql`,
  );
}

test("undoes everything newer than the version that is to be kept", async () => {
  const kept = applied.at(-3) ?? "";

  const { code, stdout } = await rollback("--to", kept, "--yes");

  expect(code).toBe(0);
  expect(stdout.match(/^ {2}undone /gm)).toHaveLength(2);
  expect(await versions()).toEqual(applied.slice(0, -2));
});

test("--dry-run shows the plan and changes nothing", async () => {
  // A file's name does for its version.
  const kept = path.basename(await undoFile(2), ".sql");

  const { code, stdout } = await rollback("--to", kept, "--dry-run");

  expect(code).toBe(0);
  expect(stdout).not.toContain(kept);
  expect(stdout).toContain(path.basename(await undoFile(1)));
  expect(await versions()).toEqual(applied);
});

test("where nobody can answer, it shows the plan, changes nothing and asks for --yes", async () => {
  const { code, stdout, stderr } = await rollback("--to", applied.at(-2) ?? "");

  expect(code).toBe(2);
  expect(stdout).toContain(path.basename(await undoFile(1)));
  expect(stderr).toContain("Undo 1 migration in the database (postgres@127.0.0.1:");
  expect(stderr).toContain("add --yes");
  expect(await versions()).toEqual(applied);
});

test("a failing undo is named with its reason; it changed nothing, and those before it stay done", async () => {
  const failing = await undoFile(2);
  await writeFile(failing, "create table public.half ();\n\ndrop table public.nowhere;\n");

  const { code, stderr } = await rollback("--to", applied.at(-4) ?? "", "--yes");

  expect(code).toBe(1);
  expect(stderr).toContain(`${path.basename(failing)} failed: table "nowhere" does not exist`);
  expect(stderr).toContain(`Done before it, newest first: ${applied.at(-1)}.`);
  expect(await versions()).toEqual(applied.slice(0, -1));
  const { rows } = await database.client.query("select to_regclass('public.half') as half");
  expect(rows).toEqual([{ half: null }]);
});

describe("before it changes anything it refuses", () => {
  afterEach(async () => {
    expect(await versions()).toEqual(applied);
  });

  test("a version that is not applied, and lists near ones", async () => {
    const known = applied.at(-1) ?? "";
    const near = String(BigInt(known) + 1n);

    const { code, stderr } = await rollback("--to", near, "--yes");

    expect(code).toBe(2);
    expect(stderr).toContain(`No migration ${near} is applied. Near it are ${known} (`);
  });

  test("a plan with an undo that is missing", async () => {
    const missing = await undoFile(2);
    await rm(missing);

    const { code, stderr } = await rollback("--to", "0", "--yes");

    expect(code).toBe(1);
    expect(stderr).toContain(`supabase/rollbacks has no ${path.basename(missing)}`);
  });

  test("an undo that ends its transaction", async () => {
    await appendFile(await undoFile(3), "\ncommit;\n");

    const { code, stderr } = await rollback("--to", "0", "--yes");

    expect(code).toBe(1);
    expect(stderr).toContain("begins or ends a transaction of its own");
  });

  test.each([
    ["no version", [], "Say how far: --to VERSION."],
    [
      "a name for a version",
      ["--to", "storage"],
      "--to wants a version, the digits before the name",
    ],
    ["two targets", ["--to", "0", "--linked"], "either --db-url or --linked"],
  ])("%s", async (_name, args, sentence) => {
    const { code, stderr } = await rollback(...args);

    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test("--to 0 leaves nothing of the project, and says what rows go", async () => {
  const { code, stdout } = await rollback("--to", "0", "--yes");

  expect(code).toBe(0);
  expect(stdout).toContain("public.video_recordings with 0 rows");
  expect(stdout).toMatch(/pipeline\.stages with \d+ rows/);
  expect(await versions()).toEqual([]);
  const { rows } = await database.client.query("select to_regnamespace('pipeline') as gone");
  expect(rows).toEqual([{ gone: null }]);
});

test("a database that cannot be reached is one sentence", async () => {
  const { code, stderr } = await runCommandLine("rollback", [
    "--to",
    "0",
    "--db-url",
    "postgresql://postgres:postgres@127.0.0.1:1/postgres",
  ]);

  expect(code).toBe(2);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toContain("Nothing listens on port 1");
});
