import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const directory = import.meta.dirname;
const manifest = path.join(directory, "package.json");
const stamp = path.join(directory, "node_modules/.bench-setup");

/**
 * Installs the queues that Sideline is compared with, beside this file and nowhere else: they are
 * no part of the project's own dependencies. Skipped when the same versions are there.
 */
export async function installPeers(say: (line: string) => void): Promise<void> {
  const wanted = await readFile(path.join(directory, "package-lock.json"), "utf8");
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === wanted) return;
  say(`Installing graphile-worker and pg-boss into ${path.join(directory, "node_modules")}`);
  await rm(stamp, { force: true });
  await installHere();
  await writeFile(stamp, wanted);
}

async function installHere(): Promise<void> {
  const flags = ["--no-save", "--workspaces=false", "--no-audit", "--no-fund"];
  const npm = spawn("npm", ["install", ...flags], { cwd: directory, stdio: ["ignore", 2, 2] });
  const [code] = await once(npm, "close");
  if (code !== 0) throw new Error("npm could not install the peers; its words are above.");
}

/** The module of an installed peer; what it exports is for the caller to check. */
export async function loadPeer(name: string): Promise<unknown> {
  const file = createRequire(manifest).resolve(name);
  return await import(pathToFileURL(file).href);
}

/** Versions of the peers as this package pins them. */
export async function peerVersions(): Promise<Record<string, string>> {
  const { dependencies } = JSON.parse(await readFile(manifest, "utf8"));
  return dependencies;
}
