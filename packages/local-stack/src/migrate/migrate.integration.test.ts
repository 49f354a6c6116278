import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { openSql, type Sql } from "../sql/sql.ts";
import { identifier } from "../sql/statement.ts";
import { migrate } from "./migrate.ts";

const stack = inject("stack");
const database = `migrate_${process.pid}`;
let project: string;
let sql: Sql;
let said: string[];

beforeEach(async () => {
  project = await mkdtemp(path.join(tmpdir(), "sideline-migrate-"));
  await mkdir(path.join(project, "supabase/migrations"), { recursive: true });
  await writeFile(path.join(project, "supabase/config.toml"), 'project_id = "test"\n');
  await asOwner((owner) => owner`create database ${identifier(database)}`);
  sql = openSql(urlOf(database), { max: 1 });
});

afterEach(async () => {
  await sql.end();
  await asOwner((owner) => owner`drop database ${identifier(database)} with (force)`);
  await rm(project, { recursive: true, force: true });
});

function urlOf(name: string): string {
  const url = new URL(stack.dbUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function asOwner(work: (owner: Sql) => Promise<unknown>): Promise<void> {
  const owner = openSql(stack.dbUrl, { max: 1 });
  await work(owner).finally(() => owner.end());
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(path.join(project, "supabase", file), text);
}

async function apply(): Promise<number> {
  said = [];
  return await migrate({
    sql,
    dbUrl: urlOf(database),
    projectDirectory: project,
    directory: project,
    onProgress: (message) => said.push(message),
  });
}

const one = "migrations/20260101000000_one.sql";

test("migrations and seed are applied once, later ones on top; an edit is pointed out", async () => {
  await write(one, "create table public.one (id int);");
  await write("seed.sql", "insert into public.one values (1);");

  expect(await apply()).toBe(1);
  expect(await apply()).toBe(0);
  expect(said).toEqual([]);
  expect(await sql`select id from public.one`).toEqual([{ id: 1 }]);

  await write(one, "create table public.one (id int, note text);");
  expect(await apply()).toBe(0);
  expect(said).toEqual([expect.stringContaining("20260101000000_one.sql")]);

  await sql`drop table public.one`;
  await sql`delete from supabase_migrations.schema_migrations`;
  await write("migrations/20260101000001_two.sql", "create table public.two ();");
  expect(await apply()).toBe(2);
  await apply();
  // Undone, edited and applied again, it is what was applied.
  expect(said).toEqual([]);
});

test("a failing migration is named with Postgres' reason, and those before it stay applied", async () => {
  await write(one, "create table public.good ();");
  await write("migrations/20260101000001_bad.sql", "create table public.bad (id nonsense);");

  await expect(apply()).rejects.toMatchObject({
    code: "migration_failed",
    message: expect.stringMatching(
      /^Migration 20260101000001_bad\.sql failed: type "nonsense" does not exist/,
    ),
  });

  const [found] = await sql`
    select to_regclass('public.good')::text as good, to_regclass('public.bad')::text as bad`;
  expect(found).toEqual({ good: "good", bad: null });

  // A database that is ahead of the project is refused.
  await rm(path.join(project, "supabase", one));
  await expect(apply()).rejects.toMatchObject({
    code: "migration_failed",
    message: expect.stringContaining("has migration 20260101000000"),
  });
});
