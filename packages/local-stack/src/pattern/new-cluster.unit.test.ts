import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { patternKey } from "./new-cluster.ts";

const home = { initdb: "/home/a/bin/initdb", postgres: "/home/a/bin/postgres" };
let project: string;
beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), "sideline-key-"));
  mkdirSync(path.join(project, "supabase/migrations"), { recursive: true });
  write("migrations/20260101000000_one.sql", "create table public.one ();");
  write("seed.sql", "select 1;");
  write("config.toml", "[db.seed]\nenabled = true\n");
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(file: string, text: string): void {
  writeFileSync(path.join(project, "supabase", file), text);
}

test("the same files have the same key, wherever they lie", async () => {
  const key = await patternKey(home, project);
  write("README.md", "Not part of the database.");

  expect(await patternKey(home, project)).toBe(key);
});

test.each([
  ["an edited migration", "migrations/20260101000000_one.sql"],
  ["another migration", "migrations/20260101000001_two.sql"],
  ["another seed", "seed.sql"],
  ["another configuration", "config.toml"],
])("%s makes another key", async (_name, file) => {
  const key = await patternKey(home, project);
  write(file, "-- changed\n");

  expect(await patternKey(home, project)).not.toBe(key);
});

test("another Postgres makes another key", async () => {
  const other = { initdb: "/home/b/bin/initdb", postgres: "/home/b/bin/postgres" };

  expect(await patternKey(other, project)).not.toBe(await patternKey(home, project));
});
