import { spawnSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Edit, Suite } from "./suite.ts";

const dependencies = z.record(z.string(), z.string()).default({});
const manifest = z.looseObject({ dependencies, devDependencies: dependencies });

/**
 * Copies a suite to where it may be changed, points it to other ports, and installs what it needs.
 * Packages stay from one run to the next.
 * @param checkout of its repository
 * @param to where the copy of the checkout begins
 * @returns the suite's folder there
 */
export async function copySuite(
  suite: Suite,
  options: { checkout: string; to: string; ports: { api: number; db: number } },
): Promise<string> {
  const { ports } = options;
  const from = path.join(options.checkout, suite.folder);
  const to = path.join(options.to, suite.folder);
  await mkdir(to, { recursive: true });
  for (const name of await readdir(to)) {
    if (!/^(node_modules|package(-lock)?\.json)$/.test(name)) {
      await rm(path.join(to, name), { recursive: true });
    }
  }
  const leftOut = /^(node_modules|package(-lock)?\.json|dist|example|docs)$/;
  await cp(from, to, {
    recursive: true,
    filter: (file) => !leftOut.test(path.relative(from, file)),
  });
  for (const name of suite.beside ?? []) {
    await cp(path.join(options.checkout, name), path.join(options.to, name), { recursive: true });
  }
  for (const [name, text] of Object.entries(suite.files ?? {})) {
    await writeFile(path.join(to, name), text);
  }
  const portOf = (from: RegExp, port: number): Edit => ({
    files: /\.(ts|js|json)$/,
    from,
    to: `127.0.0.1:${port}`,
  });
  await editAll(to, [
    portOf(/(localhost|127\.0\.0\.1):54321/g, ports.api),
    portOf(/(localhost|127\.0\.0\.1):54322/g, ports.db),
    ...(suite.edits ?? []),
  ]);
  await install(suite, from, to);
  return to;
}

async function editAll(folder: string, edits: Edit[]): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file).replaceAll(path.sep, "/");
    if (!entry.isFile() || name.startsWith("node_modules/")) continue;
    const fitting = edits.filter(({ files }) => files.test(name));
    if (fitting.length === 0) continue;
    const before = await readFile(file, "utf8");
    const after = fitting.reduce((text, { from, to }) => text.replace(from, () => to), before);
    if (after !== before) await writeFile(file, after);
  }
}

/** Its manifest with versions that npm understands, then `npm install` where that is new. */
async function install(suite: Suite, from: string, to: string): Promise<void> {
  const text = await readFile(path.join(from, "package.json"), "utf8").catch(() => "{}");
  const own = manifest.parse(JSON.parse(text));
  const catalog = await pnpmCatalog(from);
  const release = releaseOf(from);
  const wanted = Object.entries({
    ...own.devDependencies,
    ...own.dependencies,
    ...suite.packages,
  }).flatMap(([name, version]) =>
    version === null ? [] : [[name, resolve(version, { release, inCatalog: catalog.get(name) })]],
  );
  const { name, main, type } = own;
  const file = path.join(to, "package.json");
  const next = JSON.stringify(
    { name, main, type, private: true, dependencies: Object.fromEntries(wanted) },
    null,
    2,
  );
  if ((await readFile(file, "utf8").catch(() => "")) === next) return;
  await writeFile(file, next);
  if (wanted.length > 0)
    run(to, ["npm", "install", "--no-audit", "--no-fund", "--legacy-peer-deps"]);
}

/** A sibling of the monorepo is taken as it was published last. */
function resolve(version: string, known: { release: string; inCatalog: string | undefined }) {
  if (version.startsWith("workspace:")) return known.release;
  if (version.startsWith("catalog:")) return known.inCatalog ?? "*";
  return version;
}

/** The release that a checkout is built upon, by its tags. */
function releaseOf(folder: string): string {
  const args = ["describe", "--tags", "--abbrev=0", "--match=v*", "--exclude=*-*"];
  const { status, stdout } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
  return status === 0 ? stdout.trim().replace(/^v/, "") : "*";
}

/** The versions that a pnpm workspace names once for all. */
async function pnpmCatalog(from: string): Promise<Map<string, string>> {
  for (let at = from; at !== path.dirname(at); at = path.dirname(at)) {
    const text = await readFile(path.join(at, "pnpm-workspace.yaml"), "utf8").catch(() => "");
    const [, block = ""] = /^catalog:\n((?: .*\n)*)/m.exec(text) ?? [];
    if (block === "") continue;
    const lines = block.matchAll(/^ {2}'?([^':\n]+)'?: (.+)$/gm);
    return new Map([...lines].map(([, name = "", version = ""]) => [name, version]));
  }
  return new Map();
}

/** @throws Error with what the program printed */
export function run(folder: string, [program = "", ...args]: string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args[0] ?? ""}: ${stdout}${stderr}`.trim());
}
