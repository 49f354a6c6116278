import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { receiveFile } from "./receive.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sideline-receive-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test.skipIf(process.platform !== "linux")("a full disk is called a full disk", async () => {
  const path = join(directory, "full");
  await symlink("/dev/full", path);

  const received = receiveFile(Readable.from([Buffer.alloc(1000)]), path, null);

  await expect(received).rejects.toMatchObject({
    status: 507,
    message: "The disk that holds the stored files is full",
  });
  expect(await readdir(directory)).toEqual([]);
});
