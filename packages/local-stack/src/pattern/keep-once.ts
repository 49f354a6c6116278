import { existsSync } from "node:fs";
import { chown, mkdtemp, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import type { Account } from "../postgres/place.ts";
import { systemCode } from "../stack-error.ts";

const keptCount = 3;
/** Longer than anybody takes to make one or to copy it. */
const inUseMs = 10 * 60_000;

/**
 * The folder `key` inside of `folder`, made the first time that it is asked for. Those that were
 * used longest ago go, as do drafts that were left behind.
 */
export async function keepOnce(options: {
  folder: string;
  key: string;
  account: Account | null;
  /** Fills a folder, which is empty. */
  make(draft: string): Promise<void>;
}): Promise<string> {
  const { folder, key, account } = options;
  const kept = await makeOnce(folder, key, async (draft) => {
    if (account !== null) await chown(draft, account.uid, account.gid);
    await options.make(draft);
  });
  const now = new Date();
  await utimes(kept, now, now);
  await removeUnused(folder);
  return kept;
}

/** The same without end: what was made stays. */
export async function makeOnce(
  folder: string,
  key: string,
  make: (draft: string) => Promise<void>,
): Promise<string> {
  const kept = path.join(folder, key);
  if (existsSync(kept)) return kept;
  const draft = await mkdtemp(path.join(folder, "draft-"));
  try {
    await make(draft);
    await rename(draft, kept);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another start, at the same moment, was first: its folder is the same.
    const code = systemCode(error);
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
  return kept;
}

async function removeUnused(folder: string): Promise<void> {
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const entry = path.join(folder, name);
      // Another start may have removed it meanwhile.
      const usedAt = await stat(entry).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      return { entry, usedAt };
    }),
  );
  const unused = found
    .sort((a, b) => b.usedAt - a.usedAt)
    .slice(keptCount)
    .filter(({ usedAt }) => usedAt < Date.now() - inUseMs);
  for (const { entry } of unused) await rm(entry, { recursive: true, force: true });
}
