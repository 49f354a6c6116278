import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFunctionsHost, type FunctionsHost } from "./index.ts";
import type { CallUsage } from "./usage.ts";

const sources: Record<string, string> = {
  modest: `export default { fetch: async (request) => new Response(await request.text()) };`,
  hungry: `
    import process from "node:process";
    const cpu = () => { const { user, system } = process.cpuUsage(); return user + system; };
    export default { fetch() {
      globalThis.kept = new Uint8Array(60_000_000).fill(1);
      EdgeRuntime.waitUntil(new Promise((done) => setTimeout(() => {
        for (const until = cpu() + 2_100_000; cpu() < until;);
        done();
      })));
      return new Response("more to come");
    } };`,
};

let project: string;
let host: FunctionsHost;
const logged: string[] = [];
const used: (CallUsage & { name: string })[] = [];

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), "sideline-usage-"));
  for (const [name, source] of Object.entries(sources)) {
    const folder = path.join(project, "supabase/functions", name);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "index.ts"), source);
  }
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

async function usageOf(name: string): Promise<CallUsage | undefined> {
  const request = new Request(`http://127.0.0.1:54321/${name}`, { method: "POST", body: "text" });
  await (await host.fetch(request, name)).text();
  await expect.poll(() => used.some((usage) => usage.name === name)).toBe(true);
  return used.find((usage) => usage.name === name);
}

test("a call that does little uses little", async () => {
  const usage = await usageOf("modest");

  expect(usage).toMatchObject({ method: "POST", path: "/modest", status: 200 });
  expect(usage?.cpuMs).toBeLessThan(500);
  expect(usage?.bootCpuMs).toBeGreaterThan(0);
  expect(logged).toEqual([]);
});

test("what a call leaves in the background counts, and what hosted would end is said", async () => {
  const usage = await usageOf("hungry");

  expect(usage?.cpuMs).toBeGreaterThan(2_000);
  expect(usage?.memoryMb).toBeGreaterThan(57);
  expect(usage?.rssMb).toBeGreaterThan(usage?.memoryMb ?? 0);
  expect(logged.join("\n")).toMatch(/^hungry: POST \/hungry used 2\.\d+ s of CPU; hosted, /);
});
