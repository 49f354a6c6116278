import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFunctionsHost, type FunctionsHost } from "./index.ts";
import type { CallUsage } from "./runtime/usage.ts";

/** What functions import, and what their calls use. */
let project: string;
let host: FunctionsHost;
const logged: string[] = [];
const used: (CallUsage & { name: string })[] = [];

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), "sideline-processes-"));
  host = createFunctionsHost({
    directory: path.join(project, "supabase/functions"),
    environment: {},
    onLog: (line) => logged.push(line),
    onUsage: (name, usage) => used.push({ name, ...usage }),
    watch: false,
  });
});
afterAll(async () => {
  await host.stop();
  await rm(project, { recursive: true, force: true });
});

/** Writes a function and calls it. */
async function call(name: string, source: string, body?: string): Promise<Response> {
  const folder = path.join(project, "supabase/functions", name);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "index.ts"), source);
  const url = `http://127.0.0.1:54321/${name}`;
  const request =
    body === undefined ? new Request(url) : new Request(url, { method: "POST", body });
  return await host.fetch(request, name);
}

async function usageOf(name: string, source: string): Promise<CallUsage | undefined> {
  await (await call(name, source, "text")).text();
  await expect.poll(() => used.some((usage) => usage.name === name)).toBe(true);
  return used.find((usage) => usage.name === name);
}

test("imports of an address are loaded from there, with what deno.json of supabase maps", async () => {
  const modules = createServer((_, answer) => {
    answer.setHeader("content-type", "application/typescript");
    answer.end("export const word: string = 'from afar';");
  });
  await new Promise<void>((resolve) => modules.listen(0, "127.0.0.1", resolve));
  const { port } = modules.address() as AddressInfo;
  const imports = { afar: `http://127.0.0.1:${port}/${randomUUID()}.ts` };
  await mkdir(path.join(project, "supabase"), { recursive: true });
  await writeFile(path.join(project, "supabase/deno.json"), JSON.stringify({ imports }));

  const source = `import { word } from "afar"; export default { fetch: () => new Response(word) };`;
  const answer = await call("imports", source);
  modules.close();

  expect(await answer.text()).toBe("from afar");
});

test("imports that cannot be loaded are named, with what to do", async () => {
  const answer = await call("cut-off", `import "http://127.0.0.1:1/none.ts"; export default {};`);

  expect([answer.status, (await answer.json()).code]).toEqual([503, "BOOT_ERROR"]);
  expect(logged).toContainEqual(
    expect.stringContaining("cut-off: http://127.0.0.1:1/none.ts could not be loaded."),
  );
});

test("a call that does little uses little", async () => {
  const source = `export default { fetch: async (request) => new Response(await request.text()) };`;
  const usage = await usageOf("modest", source);

  expect(usage).toMatchObject({ method: "POST", path: "/modest", status: 200 });
  expect(usage?.cpuMs).toBeLessThan(500);
  expect(usage?.bootCpuMs).toBeGreaterThan(0);
  expect(logged.filter((line) => line.startsWith("modest"))).toEqual([]);
});

test("what a call leaves in the background counts, and what hosted would end is said", async () => {
  const usage = await usageOf(
    "hungry",
    `import process from "node:process";
    const cpu = () => { const { user, system } = process.cpuUsage(); return user + system; };
    export default { fetch() {
      globalThis.kept = new Uint8Array(60_000_000).fill(1);
      EdgeRuntime.waitUntil(new Promise((done) => setTimeout(() => {
        for (const until = cpu() + 2_100_000; cpu() < until;);
        done();
      })));
      return new Response("more to come");
    } };`,
  );

  expect(usage?.cpuMs).toBeGreaterThan(2_000);
  expect(usage?.memoryMb).toBeGreaterThan(57);
  expect(usage?.rssMb).toBeGreaterThan(usage?.memoryMb ?? 0);
  expect(logged.join("\n")).toMatch(/hungry: POST \/hungry used 2\.\d+ s of CPU; hosted, /);
});
