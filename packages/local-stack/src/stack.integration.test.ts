import { existsSync } from "node:fs";
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Stack, type StackOptions, startStack } from "./stack.ts";

/** All tests but those that say otherwise start in one folder, whose first start is the slow one. */
let area: string;
const running: Stack[] = [];

beforeAll(async () => {
  area = await mkdtemp(path.join(tmpdir(), "sideline-stack-"));
  await chmod(area, 0o755);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((stack) => stack.stop()));
});

afterAll(() => rm(area, { recursive: true, force: true }));

async function start(options: StackOptions = {}): Promise<Stack & { said: string[] }> {
  const said: string[] = [];
  const stack = await startStack({
    dir: path.join(area, "stack"),
    port: 0,
    dbPort: 0,
    durable: false,
    cron: false,
    prewarm: false,
    providers: "environment",
    onProgress: (message) => said.push(message),
    ...options,
  });
  running.push(stack);
  return { ...stack, said };
}

async function query<T extends object>(url: string, text: string): Promise<T[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe<T[]>(text))];
  } finally {
    await sql.end();
  }
}

test("a second start keeps data and keys, and applies no migration again; --reset begins anew", async () => {
  const first = await start();
  await query(first.dbUrl, "create table public.kept (); ");
  await first.stop();

  const second = await start();
  const kept = await query(second.dbUrl, "select to_regclass('public.kept')::text as name");
  await second.stop();

  const third = await start({ reset: true });
  const gone = await query(third.dbUrl, "select to_regclass('public.kept')::text as name");

  expect(first.said).toContain("Copying the migrated database");
  expect(kept).toEqual([{ name: "kept" }]);
  expect(second.secretKey).toBe(first.secretKey);
  expect(second.said).toEqual([]);
  expect(gone).toEqual([{ name: null }]);
  expect(third.secretKey).not.toBe(first.secretKey);
});

test("two stacks in two folders run side by side and know nothing of each other", async () => {
  const [one, other] = await Promise.all([start(), start({ dir: path.join(area, "other") })]);
  await query(one.dbUrl, "create table public.only_here ()");

  const there = await query(other.dbUrl, "select to_regclass('public.only_here')::text as name");

  expect(there).toEqual([{ name: null }]);
  expect(one.apiUrl).not.toBe(other.apiUrl);
  // Both are copies of one pattern, each with its own passwords.
  for (const url of ["dbUrl", "adminDbUrl"] as const) {
    const mixed = new URL(other[url]);
    mixed.password = new URL(one[url]).password;
    await expect(query(mixed.href, "select 1")).rejects.toThrow("password authentication failed");
  }
});

test("a folder in use is refused, and its stack goes on undisturbed", async () => {
  const first = await start();

  await expect(start()).rejects.toMatchObject({
    code: "stack_running",
    message: expect.stringContaining(`process ${process.pid}`),
  });

  expect(await query(first.dbUrl, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("data of another Postgres version is refused, and the folder is free again afterwards", async () => {
  const dir = path.join(area, "stack");
  await (await start()).stop();
  const version = path.join(dir, "postgres/cluster/PG_VERSION");
  await writeFile(version, "16\n");

  await expect(start()).rejects.toMatchObject({
    code: "data_version_mismatch",
    message: expect.stringContaining("made by Postgres 16"),
  });

  await writeFile(version, "17\n");
  expect(await query((await start()).dbUrl, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a folder that cannot be made is refused", async () => {
  await writeFile(path.join(area, "file"), "");

  await expect(start({ dir: path.join(area, "file/stack") })).rejects.toMatchObject({
    code: "dir_not_writable",
  });
});

test("a lock and a postmaster.pid left by a crash are taken over, even when their id lives on", async () => {
  const dir = path.join(area, "stack");
  await (await start()).stop();
  // Their ids belong to other processes by now: to this one, and to another stack's Postgres.
  const other = await start({ dir: path.join(area, "other") });
  await writeFile(
    path.join(dir, "stack.lock"),
    JSON.stringify({ pid: process.pid, startedAt: "another time" }),
  );
  await copyFile(
    path.join(other.dir, "postgres/cluster/postmaster.pid"),
    path.join(dir, "postgres/cluster/postmaster.pid"),
  );

  const again = await start();

  expect(await query(again.dbUrl, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("the template is a clone of the migrated database", async () => {
  const stack = await start({ template: "pattern" });
  const url = new URL(stack.dbUrl);
  url.pathname = "/pattern";

  const [count] = await query<{ tables: number }>(
    url.href,
    "select count(*)::int as tables from pg_tables where schemaname = 'public'",
  );

  expect(count?.tables).toBeGreaterThan(0);
});

test("Postgres that was killed comes back on its port", async () => {
  const lines: string[] = [];
  const stack = await start({ log: (line) => lines.push(line) });
  const pidFile = path.join(stack.dir, "postgres/cluster/postmaster.pid");
  const pid = Number((await readFile(pidFile, "utf8")).split("\n")[0]);

  process.kill(pid, "SIGKILL");

  await expect
    .poll(() => lines, { timeout: 15_000 })
    .toContain("postgres: accepts connections again");
  expect(await query(stack.dbUrl, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("under a folder that only its owner can enter, Postgres' data lies where it can reach it", async () => {
  const closed = path.join(area, "closed");
  await mkdir(closed, { mode: 0o700 });
  const stack = await start({ dir: path.join(closed, "stack") });
  const data = path.join(stack.dir, "postgres");

  const answer = await query(stack.dbUrl, "select 1 as one");
  await stack.stop();

  expect(answer).toEqual([{ one: 1 }]);
  if (process.getuid?.() !== 0) {
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    return;
  }
  const elsewhere = await readlink(data);
  expect(elsewhere).toMatch(/^\/var\/tmp\/sideline-/);
  expect((await stat(elsewhere)).mode & 0o777).toBe(0o700);
  // --reset removes it there too: what lies there afterwards is a new cluster.
  await writeFile(path.join(elsewhere, "left-over"), "");
  const anew = await start({ dir: stack.dir, reset: true });
  expect(existsSync(path.join(elsewhere, "left-over"))).toBe(false);
  await anew.stop();
  // A folder deleted by hand leaves it behind there, until any stack is started.
  await rm(closed, { recursive: true });
  await start();
  expect(existsSync(elsewhere)).toBe(false);
});
