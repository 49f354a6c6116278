// @ts-check
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runNpm } from "./npm.mjs";
import { repairInstallScripts } from "./repair.mjs";
import { root } from "./root.mjs";

const stampFile = join(root, "node_modules", ".sideline-setup");

/**
 * Installs the dependencies unless the stamp of the last installation still fits.
 * @param {(install: () => Promise<void>) => Promise<void>} exclusively runs one set-up at a time
 */
export async function ensureDependencies(exclusively) {
  if (isFresh()) return;
  await exclusively(async () => {
    // Another process may have installed while this one waited for its turn.
    if (isFresh()) return;
    const why = existsSync(join(root, "node_modules")) ? "Updating" : "Installing";
    await runNpm(["ci"], root, `${why} dependencies`);
    noteInstallation();
  });
}

/** After each installation, by npm's own `postinstall` too: whoever ran `npm ci` waits but once. */
export function noteInstallation() {
  repairInstallScripts();
  writeFileSync(stampFile, fingerprint());
}

function isFresh() {
  try {
    return readFileSync(stampFile, "utf8") === fingerprint();
  } catch {
    return false;
  }
}

/** Changes whenever an installation could turn out differently. */
function fingerprint() {
  const packages = readdirSync(join(root, "packages")).sort();
  const files = [
    "package.json",
    "package-lock.json",
    ...packages.map((name) => join("packages", name, "package.json")),
  ];
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of files.map((name) => join(root, name)).filter(existsSync)) {
    hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest("hex");
}
