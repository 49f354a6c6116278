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
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, type StackOptions, startStack } from "./stack.ts";

let area: string;
const running = new Set<Stack>();

beforeAll(async () => {
  area = await mkdtemp(path.join(tmpdir(), "sideline-stack-"));
  await chmod(area, 0o755);
});
afterAll(async () => {
  await Promise.all([...running].map((stack) => stack.stop()));
  await rm(area, { recursive: true, force: true });
});

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
  running.add(stack);
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

const isThere = async ({ dbUrl }: Stack, table: string) => {
  const text = `select to_regclass('public.${table}') is not null as yes`;
  return (await query<{ yes: boolean }>(dbUrl, text))[0]?.yes;
};

/** Each goes on with the folder and the stack that the one before has left. */
describe("one folder, from its first start to the last", () => {
  let stack: Awaited<ReturnType<typeof start>>;
  let other: Stack;

  test("two stacks in two folders run side by side and know nothing of each other", async () => {
    [stack, other] = await Promise.all([start(), start({ dir: path.join(area, "other") })]);
    await query(stack.dbUrl, "create table public.kept ()");

    expect(stack.said).toContain("Copying the migrated database");
    expect(await isThere(other, "kept")).toBe(false);
    expect(stack.apiUrl).not.toBe(other.apiUrl);
    // Both are copies of one pattern, each with its own passwords.
    for (const url of ["dbUrl", "adminDbUrl"] as const) {
      const mixed = new URL(other[url]);
      mixed.password = new URL(stack[url]).password;
      await expect(query(mixed.href, "select 1")).rejects.toThrow("password authentication failed");
    }
  });

  test("in use it is refused, and its stack goes on undisturbed", async () => {
    await expect(start()).rejects.toMatchObject({
      code: "stack_running",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    expect(await isThere(stack, "kept")).toBe(true);
  });

  test("with data of another Postgres version it is refused, and free again afterwards", async () => {
    await stack.stop();
    const version = path.join(stack.dir, "postgres/cluster/PG_VERSION");
    await writeFile(version, "16\n");

    await expect(start()).rejects.toMatchObject({
      code: "data_version_mismatch",
      message: expect.stringContaining("made by Postgres 16"),
    });
    await writeFile(version, "17\n");
  });

  test("with what a crash left it starts again, keeps data and keys, and applies no migration again", async () => {
    // Their ids belong to other processes by now: to this one, and to another stack's Postgres.
    const lock = { pid: process.pid, startedAt: "another time" };
    await writeFile(path.join(stack.dir, "stack.lock"), JSON.stringify(lock));
    const postmaster = "postgres/cluster/postmaster.pid";
    await copyFile(path.join(other.dir, postmaster), path.join(stack.dir, postmaster));

    const second = await start();

    expect(await isThere(second, "kept")).toBe(true);
    expect(second.secretKey).toBe(stack.secretKey);
    expect(second.said).toEqual([]);
    await second.stop();
  });

  test("--reset begins anew; the template is a clone of the migrated database", async () => {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const anew = await start({ reset: true, template: "pattern", log });
    const pattern = Object.assign(new URL(anew.dbUrl), { pathname: "/pattern" });
    const tables = "select from pg_tables where schemaname = 'public'";

    expect(await isThere(anew, "kept")).toBe(false);
    expect(anew.secretKey).not.toBe(stack.secretKey);
    expect((await query(pattern.href, tables)).length).toBeGreaterThan(0);

    // Postgres that was killed comes back on its port.
    const pidFile = path.join(anew.dir, "postgres/cluster/postmaster.pid");
    process.kill(Number((await readFile(pidFile, "utf8")).split("\n")[0]), "SIGKILL");
    const back = "postgres: accepts connections again";
    await expect.poll(() => lines, { timeout: 15_000 }).toContain(back);
    expect(await query(anew.dbUrl, "select 1 as one")).toEqual([{ one: 1 }]);
    await anew.stop();
  });
});

test("a folder that cannot be made is refused", async () => {
  await writeFile(path.join(area, "file"), "");

  await expect(start({ dir: path.join(area, "file/stack") })).rejects.toMatchObject({
    code: "dir_not_writable",
    message: expect.stringContaining("Cannot write to"),
  });
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
