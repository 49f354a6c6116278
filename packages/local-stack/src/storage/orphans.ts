import { chmod, mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Sql } from "../sql/sql.ts";
import type { FileArea } from "./files.ts";

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
