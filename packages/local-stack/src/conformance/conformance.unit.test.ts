import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copySuite } from "./copy-suite.ts";
import { jestResults, realtimeResults, type Suite } from "./suite.ts";

let area: string;
beforeAll(async () => {
  area = await mkdtemp(path.join(tmpdir(), "sideline-suite-"));
});
afterAll(() => rm(area, { recursive: true, force: true }));

const suite: Suite = {
  name: "ours",
  folder: "packages/ours",
  project: ".",
  edits: [{ files: /\.sql$/, from: /^/, to: "-- $& granted\n" }],
  files: { "extra.cjs": "// ours" },
  command: () => [],
  results: () => ({ passed: 0, skipped: 0, failed: [] }),
};

test("a copy leads to the stack's ports, has its fixtures adapted, and leaves the checkout alone", async () => {
  const checkout = path.join(area, "checkout");
  const from = path.join(checkout, "packages/ours");
  const client = 'connect("http://localhost:54321", "postgres://127.0.0.1:54322")';
  await mkdir(path.join(from, "supabase"), { recursive: true });
  await writeFile(path.join(from, "client.ts"), client);
  await writeFile(path.join(from, "supabase", "one.sql"), "select 1;");
  const ports = { api: 4001, db: 4002 };
  const to = path.join(area, "copy");
  await mkdir(path.join(to, suite.folder), { recursive: true });
  await writeFile(path.join(to, suite.folder, "left-by-an-earlier-run.ts"), "");

  const copy = await copySuite(suite, { checkout, to, ports });

  const read = (name: string) => readFile(path.join(copy, name), "utf8");
  expect(await read("client.ts")).toBe(
    'connect("http://127.0.0.1:4001", "postgres://127.0.0.1:4002")',
  );
  expect(await read("supabase/one.sql")).toBe("-- $& granted\nselect 1;");
  expect(await read("extra.cjs")).toBe("// ours");
  await expect(read("left-by-an-earlier-run.ts")).rejects.toThrow("ENOENT");
  expect(await readFile(path.join(from, "client.ts"), "utf8")).toBe(client);
});

test("tests that failed, and files that could not even be loaded, count as failed", async () => {
  const file = path.join(area, "report.json");
  const results = (fullName: string, status: string, ...failureMessages: string[]) => ({
    fullName,
    status,
    failureMessages,
  });
  const testResults = [
    {
      name: "a.test.ts",
      assertionResults: [
        results("reads", "passed"),
        results("writes", "failed", "\u001b[31mexpected 200\u001b[39m\n  at line 3"),
        results("later", "pending"),
      ],
    },
    { name: "b.test.ts", message: "cannot find module", assertionResults: [] },
  ];
  await writeFile(file, JSON.stringify({ testResults }));

  expect(await jestResults(file)).toEqual({
    passed: 1,
    skipped: 1,
    failed: [
      { test: "b.test.ts", reason: "cannot find module" },
      { test: "writes", reason: "expected 200" },
    ],
  });
});

test("realtime-check's own report is read", () => {
  const tests = [
    { name: "joins", passed: true },
    { name: "leaves", passed: false, error: "timed out\nafter 8 s" },
  ];

  expect(realtimeResults(JSON.stringify({ suites: { presence: { tests } } }))).toEqual({
    passed: 1,
    skipped: 0,
    failed: [{ test: "presence: leaves", reason: "timed out" }],
  });
});
