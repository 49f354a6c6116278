import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { embeddedStackUrl } from "./embedded-stack.ts";

test("the embedded stack is found by the port that its Postgres noted", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sideline target-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const cluster = join(folder, "postgres", "cluster");
  await mkdir(cluster, { recursive: true });
  const lines = ["4711", cluster, "1795215537", "40777", "", "127.0.0.1", "", "ready   "];
  await writeFile(join(cluster, "postmaster.pid"), lines.join("\n"));

  await writeFile(join(folder, "keys.json"), JSON.stringify({ postgresPassword: "its-own" }));

  expect(await embeddedStackUrl(folder)).toBe(
    "postgresql://postgres:its-own@127.0.0.1:40777/postgres",
  );
  expect(await embeddedStackUrl(join(folder, "elsewhere"))).toBeNull();
});
