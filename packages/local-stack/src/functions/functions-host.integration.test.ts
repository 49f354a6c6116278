import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFunctionsHost, type FunctionsHost, type Limits } from "./index.ts";

const sources: Record<string, string> = {
  hello: `
    console.log("a line");
    console.log(JSON.stringify({ level: "info" }));
    const state = async (name) => (await Deno.permissions.query({ name })).state;
    export default {
      async fetch(request) {
        return Response.json({
          path: new URL(request.url).pathname + new URL(request.url).search,
          method: request.method,
          body: await request.text(),
          forwarded: request.headers.get("x-forwarded-host"),
          env: Deno.env.toObject(),
          pid: Deno.pid,
          write: await state("write"),
          run: await state("run"),
          home: await Deno.readTextFile("/etc/hostname").then(() => "read", () => "refused"),
        }, { headers: { "x-of-function": "yes" } });
      },
    };`,
  off: `export default { fetch: () => new Response("on") };`,
  files: `export default { async fetch() {
    const file = await Deno.makeTempFile({ dir: "/tmp" });
    await Deno.writeTextFile(file, "for a while");
    const text = await Deno.readTextFile(file);
    await Deno.remove(file);
    return new Response(text);
  } };`,
  serves: `Deno.serve({ port: 1 }, (request) => new Response(request.body, { status: 201 }));`,
  broken: `throw new Error("does not boot");`,
  silent: `export default { fetch: () => new Promise(() => {}) };`,
  heap: `export default { fetch() { const all = []; for (;;) all.push(new Array(1000).fill({})); } };`,
  buffers: `export default { async fetch() {
    for (const all = []; ; await new Promise((next) => setTimeout(next, 20))) {
      all.push(new Uint8Array(16_000_000).fill(1));
    }
  } };`,
  drains: `
    const unload = new Promise((resolve) => addEventListener("beforeunload", resolve));
    export default { async fetch() {
      EdgeRuntime.waitUntil(unload.then(async () => {
        await new Promise((next) => setTimeout(next, 100));
        console.log("released what was left");
      }));
      await unload;
      return new Response("told to stop");
    } };`,
  stubborn: `export default { async fetch() { EdgeRuntime.waitUntil(new Promise(() => {})); return new Response("ok"); } };`,
};

let project: string;
let host: FunctionsHost;
const logged: string[] = [];
const pids: number[] = [];

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), "sideline-functions-"));
  for (const [name, source] of Object.entries(sources)) await write(name, source);
  await write("_shared", "export const shared = 1;");
  await writeFile(
    path.join(project, "supabase/config.toml"),
    "[functions.hello]\nverify_jwt = false\n[functions.serves]\nverify_jwt = true\n[functions.off]\nenabled = false\n",
  );
  host = open({ watch: true });
});
afterAll(async () => {
  await host.stop();
  await rm(project, { recursive: true, force: true });
});

async function write(name: string, source: string): Promise<void> {
  const folder = path.join(project, "supabase/functions", name);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "index.ts"), source);
}

function open({ watch = false, ...limits }: { watch?: boolean } & Partial<Limits> = {}) {
  return createFunctionsHost({
    directory: path.join(project, "supabase/functions"),
    environment: { SUPABASE_URL: "http://example.test" },
    onLog: (line) => logged.push(line),
    onSpawn: (child) => pids.push(child.pid ?? 0),
    limits,
    watch,
  });
}

function call(name: string, init: RequestInit = {}, target = host): Promise<Response> {
  return target.fetch(
    new Request(`http://127.0.0.1:54321/${name}`, init),
    name.split("/")[0] ?? "",
  );
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("a function", () => {
  test("gets the request as it came, and its answer is passed on", async () => {
    const answer = await call("hello/a/b?c=d", { method: "POST", body: "text" });

    expect([answer.status, answer.headers.get("x-of-function")]).toEqual([200, "yes"]);
    expect(await answer.json()).toMatchObject({
      path: "/hello/a/b?c=d",
      method: "POST",
      body: "text",
      forwarded: "127.0.0.1",
    });
  });

  test("is not there where it is switched off", async () => {
    expect((await call("off")).status).toBe(404);
    expect(await host.verifiesJwt("off")).toBe(false);
  });

  test("may write files in /tmp, as on hosted", async () => {
    expect(await (await call("files")).text()).toBe("for a while");
  });

  test("sees only its own environment and may neither write, run nor read elsewhere", async () => {
    const seen = await (await call("hello")).json();

    expect(seen.env).toEqual({ SUPABASE_URL: "http://example.test" });
    expect([seen.write, seen.run, seen.home]).toEqual(["prompt", "prompt", "refused"]);
  });

  test("may call Deno.serve itself; bodies are streams", async () => {
    const body = "x".repeat(3_000_000);
    const answer = await call("serves", { method: "POST", body });

    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe(body);
  });

  test("keeps its process from one request to the next", async () => {
    const [first, second] = [
      await (await call("hello")).json(),
      await (await call("hello")).json(),
    ];

    expect(second.pid).toBe(first.pid);
  });

  test("has its output passed on in lines", () => {
    expect(logged).toContain("hello: a line");
    expect(logged).toContain('{"level":"info"}');
  });
});

describe("what is not there or does not run", () => {
  test.each(["nope", "_shared", "..", "hello%2f..%2f_shared"])(
    "%s is no function",
    async (name) => {
      const answer = await host.fetch(new Request("http://127.0.0.1/x"), name);

      expect([answer.status, (await answer.json()).code]).toEqual([404, "NOT_FOUND"]);
    },
  );

  test("one that does not boot is BOOT_ERROR, and the log says why", async () => {
    const answer = await call("broken");

    expect([answer.status, (await answer.json()).code]).toEqual([503, "BOOT_ERROR"]);
    expect(logged.join("\n")).toContain("does not boot");
  });

  test("one that is repaired boots with the next request", async () => {
    await write("repaired", "throw new Error('not yet');");
    expect((await call("repaired")).status).toBe(503);
    await write("repaired", "export default { fetch: () => new Response('now') };");

    await expect.poll(async () => (await call("repaired")).status).toBe(200);
  });
});

describe("limits", () => {
  test("no answer in time is 504", async () => {
    const impatient = open({ idleMs: 500, graceMs: 0 });
    const answer = await call("silent", {}, impatient);

    expect([answer.status, (await answer.json()).code]).toEqual([504, "IDLE_TIMEOUT"]);
    await impatient.stop();
  });

  test.each(["heap", "buffers"])("too much memory in its %s is 546", async (name) => {
    const small = open({ memoryMb: 64 });
    const answer = await call(name, {}, small);

    expect([answer.status, (await answer.json()).code]).toEqual([546, "WORKER_LIMIT"]);
    await small.stop();
  });

  test("a process that is old is replaced, and ended at its wall clock", async () => {
    const short = open({ wallClockMs: 1_500 });
    const first = await (await call("hello", {}, short)).json();
    await sleep(900);
    const second = await (await call("hello", {}, short)).json();

    expect(second.pid).not.toBe(first.pid);
    await expect.poll(() => isAlive(first.pid), { timeout: 5_000 }).toBe(false);
    await short.stop();
  });
});

describe("recovery", () => {
  test("a process that was killed is replaced before the next request comes", async () => {
    const { pid } = await (await call("hello")).json();
    const before = pids.length;

    process.kill(pid, "SIGKILL");

    await expect.poll(() => pids.length).toBe(before + 1);
    expect((await (await call("hello")).json()).pid).toBe(pids.at(-1));
  });

  test("the request right after a process was killed is served by a new one", async () => {
    for (let round = 0; round < 5; round++) {
      const { pid } = await (await call("hello")).json();
      process.kill(pid, "SIGKILL");

      const answer = await call("hello", {
        method: "POST",
        body: "again",
        headers: { "content-length": "5" },
      });
      expect(answer.status).toBe(200);
      expect((await answer.json()).pid).not.toBe(pid);
    }
  });

  test("changed files are served at once", async () => {
    await write("changing", "export default { fetch: () => new Response('one') };");
    expect(await (await call("changing")).text()).toBe("one");

    await write("changing", "export default { fetch: () => new Response('two') };");

    await expect.poll(async () => (await call("changing")).text()).toBe("two");
  });
});

describe("stopping", () => {
  test("tells functions, waits for what they have begun, and leaves no process", async () => {
    const other = open();
    const before = pids.length;
    const running = call("drains", {}, other);
    await expect.poll(() => pids.length).toBeGreaterThan(before);
    await call("hello", {}, other);
    await sleep(300);

    await other.stop();

    expect(await (await running).text()).toBe("told to stop");
    expect(logged).toContain("drains: released what was left");
    expect(pids.slice(before).filter(isAlive)).toEqual([]);
    expect((await call("hello", {}, other)).status).toBe(404);
  });

  test("ends by force what does not end", async () => {
    const other = open({ graceMs: 300 });
    const before = pids.length;
    await call("stubborn", {}, other);

    await other.stop();

    expect(pids.slice(before).filter(isAlive)).toEqual([]);
  });
});

test("verify_jwt is as the project says, true where it says nothing, read anew", async () => {
  expect(await host.verifiesJwt("hello")).toBe(false);
  expect(await host.verifiesJwt("serves")).toBe(true);
  expect(await host.verifiesJwt("silent")).toBe(true);
  expect(await host.verifiesJwt("nope")).toBe(false);

  await writeFile(
    path.join(project, "supabase/config.toml"),
    "[functions.serves]\nverify_jwt = false\n",
  );
  expect(await host.verifiesJwt("serves")).toBe(false);
});
