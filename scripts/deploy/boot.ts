import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../project-root.ts";
import type { Deployment } from "./recording-server.ts";

/** What the platform sets for every function; nothing here is listening at that address. */
const environment = {
  SUPABASE_URL: "http://127.0.0.1:9",
  SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: "sb_publishable_rehearsal" }),
  SUPABASE_SECRET_KEYS: JSON.stringify({ default: "sb_secret_rehearsal" }),
  SUPABASE_JWKS: JSON.stringify({ keys: [] }),
  GEMINI_API_KEY: "rehearsal",
};

/** What the stack's functions have compiled of the packages: no source is found there. */
const compiled = join(projectRoot, ".local", "deno");

/**
 * Boots an unpacked upload under Deno, without network but this machine's own, and waits for
 * `GET /<name>/health` to answer 200.
 * @returns milliseconds until it did
 * @throws Error with what Deno printed
 */
export async function bootAndAskHealth(
  name: string,
  { metadata }: Deployment,
  place: string,
): Promise<number> {
  const port = await freePort();
  const started = performance.now();
  const child = spawn(
    join(projectRoot, "node_modules", "deno", "deno"),
    [
      "serve",
      "--no-remote",
      "--cached-only",
      "--node-modules-dir=manual",
      `--config=${join(place, metadata.importMap ?? "deno.json")}`,
      "--allow-env",
      "--allow-read",
      "--allow-sys",
      "--allow-net=127.0.0.1",
      "--host=127.0.0.1",
      `--port=${port}`,
      join(place, metadata.entrypoint),
    ],
    {
      cwd: place,
      // Nothing of this process's environment, so that nothing but the upload can be found.
      env: { PATH: "/usr/bin:/bin", DENO_DIR: compiled, NO_COLOR: "1", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    output += String(chunk);
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  try {
    await answersHealth(`http://127.0.0.1:${port}/${name}/health`, () => child.exitCode !== null);
    return Math.round(performance.now() - started);
  } catch (error) {
    throw new Error(`${name} did not boot: ${String(error)}\n${output.trim()}`);
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

async function answersHealth(url: string, hasEnded: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (true) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    if (response) throw new Error(`health answered ${response.status}: ${await response.text()}`);
    if (hasEnded()) throw new Error("Deno ended");
    if (Date.now() > deadline) throw new Error("no answer within 30 s");
    await sleep(20);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
