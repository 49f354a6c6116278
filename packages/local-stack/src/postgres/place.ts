import { createHash } from "node:crypto";
import { chown, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { explainFileError, StackError, systemCode } from "../stack-error.ts";
import { type Account, canEnter } from "./account.ts";

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
