import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testProject } from "../test-project.ts";
import { linkedProjectUrl } from "./linked-project.ts";
import { chooseTarget } from "./target.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sideline target-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a URL is taken as it is, and shown without its password", async () => {
  const url = "postgresql://postgres:secret@example.org:5433/postgres";

  const target = await chooseTarget(testProject, { "db-url": url });

  expect(target).toEqual({
    kind: "url",
    url,
    label: "the database (postgres@example.org:5433/postgres)",
  });
});

test("two targets at once are refused", async () => {
  await expect(
    chooseTarget(testProject, { "db-url": "postgresql://x", linked: true }),
  ).rejects.toThrow("Give either --db-url or --linked, not both.");
});

test("without a name it is the local stack, which has to run", async () => {
  const url = "postgresql://postgres:postgres@127.0.0.1:40777/postgres";
  const local = { ...testProject.local, name: "the stack", howToStart: "start it with a button" };
  const running = { ...testProject, local: { ...local, url: async () => url } };
  const stopped = { ...testProject, local: { ...local, url: async () => null } };

  expect(await chooseTarget(running, {})).toMatchObject({ kind: "local", url });
  await expect(chooseTarget(stopped, {})).rejects.toThrow(
    "The stack is not running: start it with a button, or name a database",
  );
});

test("a linked project is reached over the pooler in session mode", async () => {
  await writeFile(join(folder, "project-ref"), "abcdefghijklmnopqrst\n");
  await writeFile(
    join(folder, "pooler-url"),
    "postgresql://postgres.abcdefghijklmnopqrst@aws-1-eu-west-1.pooler.supabase.com:6543/postgres",
  );

  expect(await linkedProjectUrl(folder, { SUPABASE_DB_PASSWORD: "p@ss/#word" })).toBe(
    "postgresql://postgres.abcdefghijklmnopqrst:p%40ss%2F%23word" +
      "@aws-1-eu-west-1.pooler.supabase.com:5432/postgres",
  );
});

test("a linked project without a pooler is reached directly", async () => {
  await writeFile(join(folder, "project-ref"), "abcdefghijklmnopqrst");

  expect(await linkedProjectUrl(folder, { SUPABASE_DB_PASSWORD: "x" })).toBe(
    "postgresql://postgres:x@db.abcdefghijklmnopqrst.supabase.co:5432/postgres",
  );
});

test("what a link lacks is named", async () => {
  await expect(linkedProjectUrl(folder, {})).rejects.toMatchObject({
    part: "target",
    message: expect.stringContaining("npx supabase link"),
  });
  await writeFile(join(folder, "project-ref"), "abcdefghijklmnopqrst");
  await expect(linkedProjectUrl(folder, {})).rejects.toMatchObject({
    part: "password",
    message: expect.stringContaining("SUPABASE_DB_PASSWORD"),
  });
});
