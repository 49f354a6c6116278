import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { chmod, copyFile, link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Sql } from "../sql/sql.ts";
import { noSuchKey } from "./errors.ts";

export type FileArea = ReturnType<typeof createFileArea>;

const versionPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The bytes behind `storage.objects`: one file per version, never written again once it has its
 * name. A row points at its file by `version`, so changing an object is: finish a new file,
 * commit the row, drop the old file. Whatever stops in between leaves at most a file that no
 * row names (`removeOrphans` removes those), never a row with half its bytes.
 */
export function createFileArea(directory: string) {
  const objects = join(directory, "objects");
  const incoming = join(directory, "incoming");

  /** Two letters of fan-out keep folders small. */
  function path(version: string): string {
    // Versions come from the table, where a hand-written row may hold anything.
    if (!versionPattern.test(version)) throw noSuchKey();
    return join(objects, version.slice(0, 2), version);
  }

  async function place(version: string, put: (target: string) => Promise<void>): Promise<void> {
    const target = path(version);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await put(target);
    // A new name in a folder is durable only once the folder itself is synced.
    await syncFile(dirname(target));
  }

  return {
    /** Where uploads are written before they are whole. */
    incoming,
    objects,
    /** Unfinished resumable uploads. */
    resumable: join(directory, "resumable"),
    newIncoming: () => join(incoming, randomUUID()),
    /** Gives a whole, synced incoming file its name. */
    publish: (incomingPath: string, version: string) =>
      place(version, (target) => rename(incomingPath, target)),
    /** The same bytes under a second version, without copying them where the disk allows it. */
    duplicate: (source: string, version: string) =>
      place(version, async (target) => {
        if (await linked(source, target)) return;
        const copy = join(incoming, randomUUID());
        await copyFile(source, copy, constants.COPYFILE_FICLONE);
        await syncFile(copy);
        await rename(copy, target);
      }),
    path,
    open: async (version: string) => open(path(version), "r"),
    async remove(version: string): Promise<void> {
      if (versionPattern.test(version)) await rm(path(version), { force: true });
    },
  };
}

/** False where the disk has no hard links. A target that is there holds these bytes already. */
async function linked(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return true;
    if (hasCode(error, "ENOENT")) throw noSuchKey();
    return false;
  }
}

/** Makes a file's bytes outlast a power cut. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/**
 * Removes what a crash left behind: uploads that never became whole, and whole files that no
 * row names. Runs before the first request, so that nothing is in the making.
 */
export async function removeOrphans(
  sql: Sql,
  files: FileArea,
  log: (line: string) => void,
): Promise<void> {
  try {
    await rm(files.incoming, { recursive: true, force: true });
    for (const path of [dirname(files.incoming), files.incoming, files.objects, files.resumable]) {
      await makePrivateFolder(path);
    }
    const present = await listVersions(files.objects);
    if (present.length === 0) return;
    const rows = await sql<{ version: string }>`
      select version from storage.objects where version = any(${present})
    `;
    const named = new Set(rows.map((row) => row.version));
    for (const version of present) if (!named.has(version)) await files.remove(version);
  } catch (error) {
    // Tidying up is not worth failing for: what is left takes room, nothing else.
    log(`storage: leftovers of an earlier run could not be removed: ${error}`);
  }
}

/** Also one that is there already, made by another hand. */
async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o700);
}

async function listVersions(directory: string): Promise<string[]> {
  const versions: string[] = [];
  for (const folder of await readdir(directory)) {
    const path = join(directory, folder);
    if ((await stat(path)).isDirectory()) versions.push(...(await readdir(path)));
  }
  return versions;
}
