import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
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

test("writes what comes and says how much it was", async () => {
  const path = join(directory, "whole");

  expect(await receiveFile(Readable.from([Buffer.from("ab"), Buffer.from("c")]), path, 3)).toBe(3);

  expect(await readFile(path, "utf8")).toBe("abc");
  await rm(path);
});

test("past the limit it reads on to the end, writes no more, and leaves nothing", async () => {
  const source = Readable.from(Array(100).fill(Buffer.alloc(1000)));

  const received = receiveFile(source, join(directory, "large"), 500);

  await expect(received).rejects.toMatchObject({ status: 413 });
  expect(source.readableEnded).toBe(true);
  expect(await readdir(directory)).toEqual([]);
});

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
