import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { z } from "zod";
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
  const line = expect.poll(stdout, { interval: 20 }).toMatch(/\n$/);
  await Promise.race([line, ended]);
  return readySchema.parse(JSON.parse(stdout()));
}

/** All processes but zombies, which stay where nobody collects orphans; an id alone is used again. */
function processes(): { pid: number; parent: number; name: string }[] {
  const args = ["-axo", "pid=,ppid=,stat=,lstart="];
  const lines = execFileSync("ps", args, { encoding: "utf8" }).trim().split("\n");
  return lines.flatMap((line) => {
    const [pid = "", parent, state, ...began] = line.trim().split(/\s+/);
    const name = [pid, ...began].join(" ");
    return state?.startsWith("Z") ? [] : [{ pid: Number(pid), parent: Number(parent), name }];
  });
}

/** All below one, however deep. */
function descendantsOf(child: ChildProcess): string[] {
  const all = processes();
  const below = (pid: number | undefined): string[] =>
    all.filter(({ parent }) => parent === pid).flatMap((one) => [one.name, ...below(one.pid)]);
  return below(child.pid);
}

async function expectGone(names: string[]): Promise<void> {
  // The server with its background processes, and the guardian itself.
  expect(names.length).toBeGreaterThan(5);
  const left = () => processes().filter(({ name }) => names.includes(name));
  await expect.poll(left, { timeout: 15_000, interval: 250 }).toEqual([]);
}

async function count(dbUrl: string): Promise<number> {
  const sql = postgres(dbUrl, { max: 1 });
  const rows = await sql`select 1`;
  await sql.end();
  return rows.length;
}

test("for people it also serves the console, and says where; --calls logs calls", async () => {
  const [, ...place] = stackOptions();
  const command = [cli, "--calls", ...place];
  const { stdout, stderr } = runCommand(process.execPath, command, withoutProviders);
  const address = () => /Console +(http:\S+)/.exec(stdout())?.[1] ?? "";
  await expect.poll(address).not.toBe("");

  const page = await fetch(address());

  expect(page.headers.get("content-type")).toContain("text/html");
  expect(await page.text()).toContain('<div id="root">');
  const config = await (await fetch(new URL("config.json", address()))).json();
  expect(stdout()).toContain(config.supabaseUrl);
  expect(stdout()).toContain(config.publishableKey);
  await fetch(`${config.supabaseUrl}/functions/v1/ai-analyze-video/health`);
  await expect.poll(stderr).toMatch(/"event":"call.used","name":"ai-analyze-video".*"cpuMs":\d+/);
});

test("--json prints one line, serves until SIGTERM, and leaves with 0", async () => {
  const stack = runStack(withoutProviders);
  const { apiUrl, dbUrl } = await ready(stack);

  const health = await fetch(`${apiUrl}/health`);
  const rows = await count(dbUrl);
  const names = descendantsOf(stack.child);
  stack.child.kill("SIGTERM");

  expect(await stack.ended).toBe(0);
  expect(health.status).toBe(200);
  expect(rows).toBe(1);
  expect(stack.stdout().trim().split("\n")).toHaveLength(1);
  await expectGone(names);
});

test("killed outright, itself or the npm that runs it, it leaves no process behind, and the next start works", async () => {
  const byNpm = () =>
    runCommand("npm", ["--silent", "start", "--", ...stackOptions()], withoutProviders);
  for (const [begin, signal] of [
    [runStack, "SIGKILL"],
    [byNpm, "SIGKILL"],
    [byNpm, "SIGTERM"],
  ] as const) {
    const stack = begin();
    const { dbUrl } = await ready(stack);
    expect(await count(dbUrl)).toBe(1);
    const names = descendantsOf(stack.child);

    stack.child.kill(signal);

    await expectGone(names);
    const port = Number(new URL(dbUrl).port);
    await expect.poll(() => canListen(port), { timeout: 15_000 }).toBe(true);
  }
});

test("a port in use ends it with 1 and one sentence that names the option", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
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
