import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startOf } from "./process-identity.ts";
import { projectDirectory } from "./project.ts";

const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));
const started: ChildProcess[] = [];
let area: string;

beforeAll(async () => {
  area = await mkdtemp(path.join(tmpdir(), "sideline-cli-"));
  await chmod(area, 0o755);
});

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }
});

afterAll(() => rm(area, { recursive: true, force: true }));

interface Run {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  ended: Promise<number | null>;
}

function run(...args: string[]): Run {
  return runCommand(process.execPath, [cli, ...args]);
}

/** With a key the offline providers stay out, whose speech is a second of computing at each start. */
const withoutProviders = { GEMINI_API_KEY: "none" };

function runCommand(command: string, args: string[], environment = {}): Run {
  const child = spawn(command, args, {
    cwd: projectDirectory,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}

function stackOptions(): string[] {
  return ["--json", "--port", "0", "--db-port", "0", "--dir", path.join(area, "stack")];
}

function runStack(environment = {}): Run {
  return runCommand(process.execPath, [cli, ...stackOptions()], environment);
}

const readySchema = z.strictObject({
  apiUrl: z.url(),
  dbUrl: z.url(),
  publishableKey: z.string(),
  secretKey: z.string(),
  jwtSecret: z.string(),
});

async function ready({ stdout, ended }: Run): Promise<z.infer<typeof readySchema>> {
  const line = expect.poll(stdout, { timeout: 30_000, interval: 20 }).toMatch(/\n$/);
  await Promise.race([line, ended]);
  return readySchema.parse(JSON.parse(stdout()));
}

/** All processes below one, however deep, as `<id> <when it began>`: an id alone is used again. */
function descendantsOf(pid: number): string[] {
  const parents = parentsOfAll();
  const below = (parent: number): number[] =>
    parents
      .filter(([, itsParent]) => itsParent === parent)
      .flatMap(([child]) => [child, ...below(child)]);
  return below(pid).flatMap((child) => {
    const start = startOf(child);
    // Ended already.
    return start === undefined ? [] : [`${child} ${start}`];
  });
}

function stillAlive(processes: string[]): string[] {
  return processes.filter((name) => {
    const pid = Number(name.split(" ")[0]);
    return name === `${pid} ${startOf(pid)}` && !isZombie(pid);
  });
}

function parentsOfAll(): [pid: number, parent: number][] {
  if (process.platform === "linux") {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), Number(statOf(name)[1])]);
  }
  const lines = execFileSync("ps", ["-axo", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return [pid ?? 0, parent ?? 0];
  });
}

/** State and parent of a process. Where nobody collects orphans, they stay as zombies. */
function statOf(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

function isZombie(pid: number): boolean {
  return process.platform === "linux" && statOf(String(pid))[0] === "Z";
}

async function count(dbUrl: string): Promise<number> {
  const sql = postgres(dbUrl, { max: 1 });
  const rows = await sql`select 1`;
  await sql.end();
  return rows.length;
}

test("for people it also serves the console, and says where; --calls logs calls", async () => {
  const [, ...place] = stackOptions();
  const { stdout, stderr } = run("--calls", ...place);
  const address = () => /Console +(http:\S+)/.exec(stdout())?.[1] ?? "";
  await expect.poll(address, { timeout: 30_000 }).not.toBe("");

  const page = await fetch(address());

  expect(page.headers.get("content-type")).toContain("text/html");
  expect(await page.text()).toContain('<div id="root">');
  const config = await (await fetch(new URL("config.json", address()))).json();
  expect(stdout()).toContain(config.supabaseUrl);
  expect(stdout()).toContain(config.publishableKey);
  await fetch(`${config.supabaseUrl}/functions/v1/ssmlWorker/health`);
  await expect.poll(stderr).toMatch(/"event":"call.used","name":"ssmlWorker".*"cpuMs":\d+/);
});

test("--json prints one line, serves until SIGTERM, and leaves with 0", async () => {
  const stack = runStack();
  const { apiUrl, dbUrl } = await ready(stack);

  const health = await fetch(`${apiUrl}/health`);
  const rows = await count(dbUrl);
  const processes = descendantsOf(Number(stack.child.pid));
  stack.child.kill("SIGTERM");

  expect(await stack.ended).toBe(0);
  expect(health.status).toBe(200);
  expect(rows).toBe(1);
  expect(stack.stdout().trim().split("\n")).toHaveLength(1);
  await expect.poll(() => stillAlive(processes)).toEqual([]);
});

test("killed outright it leaves no process behind, and the next start works", async () => {
  const stack = runStack();
  const { dbUrl } = await ready(stack);
  const port = Number(new URL(dbUrl).port);
  const processes = descendantsOf(Number(stack.child.pid));

  stack.child.kill("SIGKILL");
  await stack.ended;

  // The server with its background processes, and the guardian itself.
  expect(processes.length).toBeGreaterThan(5);
  await expect.poll(() => stillAlive(processes), { timeout: 15_000 }).toEqual([]);
  await expect.poll(() => canListen(port), { timeout: 15_000 }).toBe(true);
  const next = await ready(runStack(withoutProviders));
  expect(await count(next.dbUrl)).toBe(1);
});

test.each(["SIGTERM", "SIGKILL"] as const)(
  "npm ended by %s takes the stack with it",
  async (signal) => {
    const npm = ["--silent", "start", "--", ...stackOptions()];
    const stack = runCommand("npm", npm, withoutProviders);
    await ready(stack);
    const processes = descendantsOf(Number(stack.child.pid));

    stack.child.kill(signal);

    expect(processes.length).toBeGreaterThan(5);
    await expect.poll(() => stillAlive(processes), { timeout: 15_000 }).toEqual([]);
  },
);

test("a port in use ends it with 1 and one sentence that names the option", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  const directory = path.join(area, "stack");

  const api = run("--port", String(port), "--db-port", "0", "--dir", directory);
  const apiCode = await api.ended;
  const database = run("--port", "0", "--db-port", String(port), "--dir", directory);
  const databaseCode = await database.ended;
  server.close();

  expect([apiCode, databaseCode]).toEqual([1, 1]);
  expect(api.stderr()).toBe(
    `Port ${port} is already in use. Stop what uses it, or choose another with --port.\n`,
  );
  expect(database.stderr()).toContain("choose another with --db-port.");
  expect(database.stderr()).not.toContain("    at ");
});

test.each([
  [["--bogus"], "--bogus"],
  [["--port", "http"], '--port wants a number from 0 to 65535, not "http".'],
  [["start"], "start"],
])("%j is refused with 2", async (args, sentence) => {
  const refused = run(...args);

  expect(await refused.ended).toBe(2);
  expect(refused.stderr()).toContain(sentence);
  expect(refused.stderr()).toContain("--help");
  expect(refused.stdout()).toBe("");
});

test("--help lists every option and leaves with 0", async () => {
  const helped = run("--help");

  expect(await helped.ended).toBe(0);
  for (const option of ["--port", "--db-port", "--dir", "--reset", "--calls", "--json"]) {
    expect(helped.stdout()).toContain(option);
  }
});

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
