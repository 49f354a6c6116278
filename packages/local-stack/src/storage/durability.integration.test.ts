import { appendFile, mkdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createUser } from "@sideline/proving-ground/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { anonymous, type Caller, serviceRole } from "../caller.ts";
import { encodeMetadata } from "./resumable/test-uploads.ts";
import { createTestBucket, type TestBucket } from "./test-bucket.ts";
import { startTestStorage, type TestStorage } from "./test-storage.ts";

const stack = inject("stack");
let storage: TestStorage;
let bucket: TestBucket;

beforeAll(async () => {
  storage = await startTestStorage(stack);
});
beforeEach(async () => {
  bucket = await createTestBucket(stack);
});
afterEach(async () => {
  await storage.request("POST", `/bucket/${bucket.id}/empty`);
  await bucket.drop();
});
afterAll(() => storage.stop());

describe("an upload that is cut off", () => {
  const partOfForm = '--x\r\ncontent-disposition: form-data; name="f"; filename="f"\r\n\r\nhalf';

  test.each([
    ["of known length", ["content-length: 1000000"], "half"],
    ["of unknown length", ["transfer-encoding: chunked"], "4\r\nhalf\r\n"],
    [
      "in a form",
      ["content-length: 1000000", "content-type: multipart/form-data; boundary=x"],
      partOfForm,
    ],
  ])("%s leaves neither object nor file", async (_kind, headers, body) => {
    const head = [`POST /object/${bucket.id}/cut.mp4 HTTP/1.1`, "host: x", ...headers];
    const socket = storage.send(`${head.join("\r\n")}\r\n\r\n${body}`);
    await expect.poll(storage.filesOnDisk).toHaveLength(1);

    socket.destroy();

    await expect.poll(storage.filesOnDisk).toEqual([]);
    expect((await bucket.files.list()).data).toEqual([]);
  });

  test("over an object leaves the object as it was", async () => {
    const path = `/object/${bucket.id}/kept.mp4`;
    await storage.request("POST", path, { body: "kept" });
    const before = await storage.filesOnDisk();
    const head = `PUT ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000`;
    const socket = storage.send(`${head}\r\n\r\nhalf`);
    await expect.poll(storage.filesOnDisk).toHaveLength(2);

    socket.destroy();

    await expect.poll(storage.filesOnDisk).toEqual(before);
    expect(await (await storage.request("GET", path)).text()).toBe("kept");
  });
});

test("bytes of an upload that is not allowed are never written", async () => {
  const seen: string[] = [];
  let chunks = 0;
  const body = new ReadableStream({
    async pull(controller) {
      // By the later chunks, a server that writes has long opened its file.
      if (++chunks > 2) seen.push(...(await storage.filesOnDisk()));
      if (chunks === 20) controller.close();
      else controller.enqueue(new Uint8Array(65_536));
    },
  });
  const init: RequestInit & { duplex: "half" } = { body, duplex: "half" };

  const path = `/object/${bucket.id}/theirs.mp4`;
  const response = await storage.request("POST", path, init, anonymous);

  expect(await response.json()).toMatchObject({ statusCode: "403" });
  expect(chunks).toBe(20);
  expect(seen).toEqual([]);
});

test("overwriting and removing objects removes their files", async () => {
  const path = `/object/${bucket.id}/file.mp4`;
  await storage.request("POST", path, { body: "first" });
  const [first] = await storage.filesOnDisk();

  await storage.request("PUT", path, { body: "second" });
  const remaining = await storage.filesOnDisk();
  expect(remaining).toHaveLength(1);
  expect(remaining).not.toContain(first);

  await storage.request("DELETE", path);
  expect(await storage.filesOnDisk()).toEqual([]);
});

test("a reader of the old version gets it whole while it is replaced", async () => {
  const path = `/object/${bucket.id}/read.mp4`;
  await storage.request("POST", path, { body: "o".repeat(3_000_000) });
  const response = await storage.request("GET", path);

  await storage.request("PUT", path, { body: "n".repeat(3_000_000) });

  expect(new Set(await response.text())).toEqual(new Set("o"));
});

test("what a crash left behind is gone after the next start, and nothing else", async () => {
  const path = `/object/${bucket.id}/live.mp4`;
  await storage.request("POST", path, { body: "live" });
  const [live] = await storage.filesOnDisk();
  const orphan = "0e8f1c5a-0000-4000-8000-000000000000";
  await mkdir(join(storage.directory, "objects", "0e"), { recursive: true });
  await writeFile(join(storage.directory, "objects", "0e", orphan), "no row names me");
  await writeFile(join(storage.directory, "incoming", "half"), "never became whole");

  storage.restart();

  expect(await (await storage.request("GET", path)).text()).toBe("live");
  expect(await storage.filesOnDisk()).toEqual([live]);
});

test("a large file passes through without being held in memory", async () => {
  const bytes = 96 * 1024 * 1024;
  const chunk = new Uint8Array(256 * 1024);
  let peak = 0;
  /** Each eighth of the file, of what the collector leaves. */
  const look = (done: number) => {
    if (done % (bytes / 8) < chunk.length) peak = Math.max(peak, heldBytes());
  };
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (sent >= bytes) return controller.close();
      sent += chunk.length;
      controller.enqueue(chunk.slice());
      look(sent);
    },
  });
  const path = `/object/${bucket.id}/large.mp4`;
  const before = heldBytes();

  const init: RequestInit & { duplex: "half" } = { body, duplex: "half" };
  const uploaded = await storage.request("POST", path, init);
  const response = await storage.request("GET", path);
  let received = 0;
  for await (const part of response.body ?? []) {
    received += part.length;
    look(received);
  }

  expect(uploaded.status).toBe(200);
  expect(received).toBe(bytes);
  // What the collector has found is given back a moment later.
  expect(peak - before).toBeLessThan(bytes / 2);
});

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

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
