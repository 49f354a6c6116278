import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { fleetingFolder } from "./temporary-stack.ts";

test.skipIf(!existsSync("/dev/shm"))("what nobody here may remove is in nobody's way", async () => {
  const ended = spawnSync("true").pid;
  const leftover = `/dev/shm/sideline-${ended}-another`;
  await mkdir(path.join(leftover, "closed"), { recursive: true });
  await writeFile(path.join(leftover, "closed", "file"), "");
  await chmod(path.join(leftover, "closed"), 0o000);
  try {
    const folder = await fleetingFolder();

    expect(existsSync(folder)).toBe(true);
    await rm(folder, { recursive: true });
  } finally {
    await chmod(path.join(leftover, "closed"), 0o700).catch(() => {});
    await rm(leftover, { recursive: true, force: true });
  }
});
