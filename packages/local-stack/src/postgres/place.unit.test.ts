import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { postgresAccount, removeAbandonedFolders } from "./place.ts";

test.skipIf(process.getuid?.() !== 0)(
  "stacks that start at the same moment remove what nobody owns any more, and none fails (needs root)",
  async () => {
    const folders = Array.from({ length: 40 }, (_, index) =>
      path.join("/var/tmp", `sideline-abandoned-${process.pid}-${index}`),
    );
    for (const folder of folders) {
      mkdirSync(folder);
      writeFileSync(path.join(folder, "origin"), `${folder}-is-gone`);
    }
    const account = postgresAccount();

    await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        await sleep(index);
        await removeAbandonedFolders(account);
      }),
    );

    expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
  },
);
