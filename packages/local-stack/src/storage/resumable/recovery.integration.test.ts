import { appendFile, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createUser } from "@sideline/proving-ground/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Caller, serviceRole } from "../../caller.ts";
import { createTestBucket, type TestBucket } from "../test-bucket.ts";
import { startTestStorage, type TestStorage } from "../test-storage.ts";
import { encodeMetadata } from "./test-uploads.ts";

const stack = inject("stack");
let storage: TestStorage;
let bucket: TestBucket;

beforeAll(async () => {
  storage = await startTestStorage(stack);
  bucket = await createTestBucket(stack);
});
afterAll(async () => {
  await storage.request("POST", `/bucket/${bucket.id}/empty`);
  await bucket.drop();
  await storage.stop();
});

/** Begins an upload; returns its path here and its file. */
async function begin(name: string, length: number, caller = serviceRole) {
  const headers = {
    "tus-resumable": "1.0.0",
    "upload-length": String(length),
    "upload-metadata": encodeMetadata({ bucketName: bucket.id, objectName: name }),
  };
  const response = await storage.request("POST", "/upload/resumable", { headers }, caller);
  expect(response.status).toBe(201);
  const id = response.headers.get("location")?.split("/").at(-1) ?? "";
  return { path: `/upload/resumable/${id}`, file: join(storage.directory, "resumable", id) };
}

async function offset(path: string): Promise<string | null> {
  const response = await storage.request("HEAD", path, { headers: { "tus-resumable": "1.0.0" } });
  return response.headers.get("upload-offset");
}

async function read(name: string): Promise<string> {
  return (await storage.request("GET", `/object/${bucket.id}/${name}`)).text();
}

const patch = {
  "tus-resumable": "1.0.0",
  "content-type": "application/offset+octet-stream",
};

test("of a chunk that was cut off, what has come is kept", async () => {
  const { path, file } = await begin("cut.mp4", 8);
  const head = Object.entries({ ...patch, "upload-offset": "0", "content-length": "8", host: "x" })
    .map(([name, value]) => `${name}: ${value}`)
    .join("\r\n");
  const socket = storage.send(`PATCH ${path} HTTP/1.1\r\n${head}\r\n\r\nhalf`);
  await expect.poll(async () => (await stat(file)).size).toBe(4);
  socket.destroy();

  await expect.poll(() => offset(path)).toBe("4");
  const rest = { headers: { ...patch, "upload-offset": "4" }, body: "rest" };
  expect((await storage.request("PATCH", path, rest)).status).toBe(204);

  expect(await read("cut.mp4")).toBe("halfrest");
});

test("a crash before the object appeared is made good when the client asks again", async () => {
  const { path, file } = await begin("crashed.mp4", 4);
  await appendFile(file, "data");
  storage.restart();

  expect(await offset(path)).toBe("4");

  expect(await read("crashed.mp4")).toBe("data");
});

test("rights are checked again at the end: whoever lost them meanwhile is refused", async () => {
  const { userId } = await createUser(stack, "owner");
  const claims = { role: "authenticated", sub: userId };
  const owner: Caller = { role: "authenticated", userId, claims };
  const suspended: Caller = { ...owner, claims: { ...claims, suspended: true } };
  const name = `${userId}/late.mp4`;
  const { path } = await begin(name, 4, owner);

  const last = { headers: { ...patch, "upload-offset": "0" }, body: "late" };
  expect((await storage.request("PATCH", path, last, suspended)).status).toBe(403);

  expect((await bucket.files.exists(name)).data).toBe(false);
  expect(await offset(path)).toBeNull();
});

test("the bytes are kept once, not twice", async () => {
  const { path, file } = await begin("once.mp4", 1_000_000);
  const body = "x".repeat(1_000_000);

  await storage.request("PATCH", path, { headers: { ...patch, "upload-offset": "0" }, body });

  const { size, blocks } = await stat(file);
  expect(size).toBe(1_000_000);
  expect(blocks).toBe(0);
  expect(await read("once.mp4")).toBe(body);
});

test("an unfinished upload is removed a day later", async () => {
  const { path, file } = await begin("old.mp4", 8);
  const record = JSON.parse(await readFile(`${file}.json`, "utf8"));
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
  const aged = { ...record, creation_date: yesterday.toISOString() };
  await writeFile(`${file}.json`, JSON.stringify(aged));
  await utimes(file, yesterday, yesterday);

  storage.restart();
  await begin("next.mp4", 8);

  expect(await storage.filesOnDisk()).not.toContain(file.split("/").at(-1));
  expect(await offset(path)).toBeNull();
});
