import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { startLocalProviders } from "./server.ts";

const CLI = fileURLToPath(new URL("cli.ts", import.meta.url));

async function start() {
  const child = spawn(process.execPath, [CLI, "--port", "0"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = await once(createInterface(child.stdout), "line");
  return { child, url: String(JSON.parse(line).url) };
}

it("prints where it serves, and ends when its parent's pipe closes", async () => {
  const { child, url } = await start();
  expect((await fetch(url)).status).toBe(200);

  child.stdin.end();

  expect(await once(child, "exit")).toEqual([0, null]);
});

it("ends on SIGTERM", async () => {
  const { child } = await start();

  child.kill("SIGTERM");

  expect(await once(child, "exit")).toEqual([0, null]);
});

it("says that its port is taken", async () => {
  const other = await startLocalProviders();
  const { port } = new URL(other.url);
  const child = spawn(process.execPath, [CLI, "--port", port], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let words = "";
  child.stderr.on("data", (text) => {
    words += text;
  });

  expect(await once(child, "close")).toEqual([1, null]);
  expect(words).toContain("EADDRINUSE");
  await other.stop();
});
