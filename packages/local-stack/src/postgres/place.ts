import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chown, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { explainFileError, StackError, systemCode } from "../stack-error.ts";

const sharedArea = "/var/tmp";
const namePrefix = "sideline-";
const originFile = "origin";

/**
 * A folder of Postgres' own, called `name` inside `parent`. Usually it simply lies there. Under a
 * folder that Postgres' account cannot enter (a clone in /root, mode 0700) it lies in /var/tmp
 * instead, mode 0700, at a path derived from `parent`, and `name` is a symbolic link to it.
 * @param use `private`: only that account may read it; `shared`: holds nothing secret
 */
export async function ownFolder(
  parent: string,
  name: string,
  account: Account | null,
  use: "private" | "shared",
): Promise<string> {
  const visible = path.join(parent, name);
  try {
    await mkdir(parent, { recursive: true });
    const mode = use === "private" ? 0o700 : 0o755;
    if (account === null) {
      await mkdir(visible, { recursive: true, mode });
      return visible;
    }
    if ((await isLink(visible)) || !canEnter(account, parent)) {
      return await folderElsewhere(visible, account);
    }
    await mkdir(visible, { recursive: true, mode });
    if (use === "private") await chown(visible, account.uid, account.gid);
    return visible;
  } catch (error) {
    throw explainFileError(error, parent);
  }
}

/** Removes such a folder wherever it lies. */
export async function removeOwnFolder(parent: string, name: string): Promise<void> {
  const visible = path.join(parent, name);
  if (await isLink(visible)) await rm(elsewhere(visible), { recursive: true, force: true });
  await rm(visible, { recursive: true, force: true });
}

async function folderElsewhere(visible: string, account: Account): Promise<string> {
  const folder = elsewhere(visible);
  // In this order: a folder whose `origin` names a link that is not there is nobody's any more.
  await unlessThere(symlink(folder, visible));
  await unlessThere(mkdir(folder, { mode: 0o700 }));
  // /var/tmp is open to everybody: what lies there under this name must be ours, or it is a trap.
  if (!(await isOurs(folder, account))) {
    throw new StackError(
      "dir_not_writable",
      `${folder} exists and belongs to somebody else. Remove it, or choose another folder with --dir.`,
    );
  }
  await chown(folder, account.uid, account.gid);
  await writeFile(path.join(folder, originFile), visible);
  return folder;
}

/** Removes folders in /var/tmp that stay behind when somebody deletes a clone or a stack folder. */
export async function removeAbandonedFolders(account: Account | null): Promise<void> {
  if (account === null) return;
  for (const name of await readdir(sharedArea)) {
    const folder = path.join(sharedArea, name);
    if (!name.startsWith(namePrefix) || !(await isStillOurs(folder, account))) continue;
    const origin = await readFile(path.join(folder, originFile), "utf8").catch(() => undefined);
    if (origin !== undefined && !(await isLink(origin))) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Another start may remove it at this moment. */
async function isStillOurs(folder: string, account: Account): Promise<boolean> {
  return await isOurs(folder, account).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  });
}

async function isOurs(folder: string, account: Account): Promise<boolean> {
  const found = await lstat(folder);
  return found.isDirectory() && (found.uid === 0 || found.uid === account.uid);
}

async function unlessThere(making: Promise<unknown>): Promise<void> {
  await making.catch((error: unknown) => {
    if (systemCode(error) !== "EEXIST") throw error;
  });
}

function elsewhere(visible: string): string {
  const id = createHash("sha256").update(visible).digest("hex").slice(0, 16);
  return path.join(sharedArea, `${namePrefix}${id}`);
}

async function isLink(file: string): Promise<boolean> {
  try {
    return (await lstat(file)).isSymbolicLink();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

/** The operating-system account that Postgres runs under. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * Postgres refuses to run as root. So root lends it another account: `postgres` where there is one,
 * else `nobody`, else one made for it. Returns null for ordinary users, who run it themselves.
 */
export function postgresAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const account = lookUp("postgres") ?? lookUp("nobody");
  if (account !== null) return account;
  try {
    execFileSync("useradd", ["--system", "--no-create-home", "postgres"], { stdio: "pipe" });
  } catch (error) {
    throw new StackError(
      "no_postgres_account",
      "Postgres cannot run as root, there is no account postgres or nobody, and none could be made. " +
        "Run this as an ordinary user.",
      { cause: error },
    );
  }
  return lookUp("postgres");
}

/** Whether an account can enter a folder, with all that has a say in it (modes, ACLs, mounts). */
function canEnter(account: Account, directory: string): boolean {
  const { status } = spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", directory], {
    uid: account.uid,
    gid: account.gid,
    cwd: "/",
    stdio: "ignore",
  });
  return status === 0;
}

function lookUp(name: string): Account | null {
  const ids = ["-u", "-g"].map((option) => {
    const { status, stdout } = spawnSync("id", [option, name], { encoding: "utf8" });
    // `| 0`: macOS prints nobody's id unsigned, spawn wants it signed.
    return status === 0 ? Number.parseInt(stdout, 10) | 0 : undefined;
  });
  const [uid, gid] = ids;
  return uid === undefined || gid === undefined || uid === 0 ? null : { name, uid, gid };
}
