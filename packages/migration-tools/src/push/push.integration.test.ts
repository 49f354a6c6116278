import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { cliMigratedDatabase, type OwnDatabase } from "../rollback/test-database.ts";
import { readMigrations } from "../rollback/test-migrations.ts";
import { undoMigration } from "../rollback/undo.ts";
import { runCommandLine, temporaryProject } from "../test-command.ts";
import { readHistory } from "../verify/history.ts";

const migrations = await readMigrations();
const last = migrations.at(-1);
let reference: ClonedDatabase;
let database: OwnDatabase;

beforeAll(async () => {
  reference = await cloneDatabase(inject("stack"));
  database = await cliMigratedDatabase(inject("stack"));
});
afterAll(async () => {
  await reference?.drop();
  await database?.[Symbol.asyncDispose]();
});

function push(...args: string[]) {
  return runCommandLine("push", [
    ...args,
    ...["--db-url", database.url],
    // What `db:verify` makes for itself otherwise, in seconds.
    ...["--reference", reference.url],
  ]);
}

async function appliedCount(): Promise<number> {
  return (await readHistory(database.client)).length;
}

describe("a database that lacks the newest migration", () => {
  beforeAll(async () => {
    if (last === undefined) throw new Error("there is no migration");
    await undoMigration(database.client, last.undo);
  });

  test("--dry-run shows what is pending and changes nothing", async () => {
    const { code, stdout } = await push("--dry-run");

    expect(code).toBe(0);
    expect(stdout).toContain(`\n  ${last?.file}\n\nBack up first`);
    expect(await appliedCount()).toBe(migrations.length - 1);
  });

  test("where nobody can answer, it shows what is pending and how to back up, and asks for --yes", async () => {
    const { code, stdout, stderr } = await push();

    expect(code).toBe(2);
    expect(stdout).toContain(`pg_dump --format=custom --file=before-${last?.version}.dump`);
    expect(stdout + stderr).not.toContain("postgres:postgres");
    expect(stderr).toContain("Apply 1 migration to the database (postgres@127.0.0.1:");
    expect(stderr).toContain("add --yes");
    expect(await appliedCount()).toBe(migrations.length - 1);
  });

  test("applies what is pending and verifies the database", async () => {
    const { code, stdout } = await push("--yes");

    expect(code).toBe(0);
    expect(stdout).toContain("Applied 1 migration.");
    expect(stdout).toContain("No difference");
    expect(await appliedCount()).toBe(migrations.length);
  });
});

test("a migration that fails is named with its reason, and changed nothing", async () => {
  await using project = await temporaryProject();
  const file = "20990101000000_broken.sql";
  await writeFile(
    path.join(project.directory, "supabase", "migrations", file),
    "create table public.half ();\ncreate table public.other (id nonsense);\n",
  );

  const { code, stderr } = await push("--yes", "--workdir", project.directory);

  expect(code).toBe(1);
  expect(stderr).toContain(`${file}: type "nonsense" does not exist (SQLSTATE 42704)`);
  expect(stderr).toContain("That migration changed nothing");
  const { rows } = await database.client.query("select to_regclass('public.half') as half");
  expect(rows).toEqual([{ half: null }]);
});

test("a database with a migration that no file has is refused in the CLI's words", async () => {
  await database.client.query(
    "insert into supabase_migrations.schema_migrations (version) values ('20990101000000')",
  );

  const { code, stderr } = await push("--yes");
  await database.client.query(
    "delete from supabase_migrations.schema_migrations where name is null",
  );

  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^Remote migration versions not found in local migrations directory\.\n.*git repo/,
  );
});

test("a history without pending migrations is not believed", async () => {
  await database.client.query('drop policy "users read the voices" on public.coach_voices');

  const { code, stdout } = await push();

  expect(code).toBe(1);
  expect(stdout).toContain("Nothing is pending");
  expect(stdout).toContain("users read the voices");
});

test("a migration that is older than an applied one is to be renamed, unless --include-all is said", async () => {
  const older = migrations.at(-2);
  await database.client.query(
    "delete from supabase_migrations.schema_migrations where version = $1",
    [older?.version],
  );

  const refused = await push("--dry-run");
  const included = await push("--dry-run", "--include-all");

  expect(refused.code).toBe(1);
  expect(refused.stderr).not.toContain("--include-all");
  expect(refused.stderr).toContain(`  ${older?.file}\nRename each`);
  expect(included.code).toBe(0);
  expect(included.stdout).toContain(`  ${older?.file}\n`);
});
