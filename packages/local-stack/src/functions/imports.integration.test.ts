import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFunctionsHost, type FunctionsHost } from "./index.ts";

let project: string;
let host: FunctionsHost;
const logged: string[] = [];

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), "sideline-imports-"));
  host = createFunctionsHost({
    directory: path.join(project, "supabase/functions"),
    environment: {},
    onLog: (line) => logged.push(line),
    watch: false,
  });
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

function call(name: string): Promise<Response> {
  return host.fetch(new Request(`http://127.0.0.1:54321/${name}`), name);
}

test("imports of an address are loaded from there, with what deno.json of supabase maps", async () => {
  const modules = createServer((_, answer) => {
    answer.setHeader("content-type", "application/typescript");
    answer.end("export const word: string = 'from afar';");
  });
  await new Promise<void>((resolve) => modules.listen(0, "127.0.0.1", resolve));
  const address = modules.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const mapped = { imports: { afar: `http://127.0.0.1:${port}/${randomUUID()}.ts` } };
  await mkdir(path.join(project, "supabase"), { recursive: true });
  await writeFile(path.join(project, "supabase/deno.json"), JSON.stringify(mapped));
  await write(
    "imports",
    `import { word } from "afar"; export default { fetch: () => new Response(word) };`,
  );

  const answer = await call("imports");
  modules.close();

  expect(await answer.text()).toBe("from afar");
});

test("imports that cannot be loaded are named, with what to do", async () => {
  await write("cut-off", `import "http://127.0.0.1:1/none.ts"; export default {};`);

  const answer = await call("cut-off");

  expect([answer.status, (await answer.json()).code]).toEqual([503, "BOOT_ERROR"]);
  expect(logged).toContainEqual(
    expect.stringContaining("cut-off: http://127.0.0.1:1/none.ts could not be loaded."),
  );
});
