import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServerType, serve } from "@hono/node-server";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { serviceRole } from "../caller.ts";
import { createStorage, type Storage } from "./index.ts";
import { createTestBucket, type TestBucket } from "./test-bucket.ts";

// A Storage of its own, over the shared database, so that its files can be looked at.
const stack = inject("stack");
const sql = postgres(stack.adminDbUrl, { max: 4, onnotice: () => {} });
let directory: string;
let storage: Storage;
let server: ServerType;
let port: number;
let bucket: TestBucket;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sideline-storage-"));
  storage = start();
  await new Promise<void>((listening) => {
    const fetch = (request: Request) => storage.fetch(request, serviceRole);
    server = serve({ fetch, port: 0, hostname: "127.0.0.1" }, (address) => {
      port = address.port;
      listening();
    });
  });
});
beforeEach(async () => {
  bucket = await createTestBucket(stack);
  return async () => {
    await request("POST", `/bucket/${bucket.id}/empty`);
    await bucket.drop();
  };
});
afterAll(async () => {
  server.close();
  await sql.end();
  await rm(directory, { recursive: true, force: true });
});

function start(): Storage {
  return createStorage({ sql, directory, signingSecret: "a secret of this test" });
}

function request(method: string, path: string, body?: BodyInit): Promise<Response> {
  const init = { method, ...(body !== undefined && { body, duplex: "half" as const }) };
  return storage.fetch(new Request(`http://127.0.0.1:${port}${path}`, init), serviceRole);
}

/** Every file that holds bytes: objects, and uploads that are not whole. */
async function filesOnDisk(): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** Sends the head of a request and part of its body, then drops the connection. */
async function cutOff(method: string, path: string, headers: string[], body: string) {
  const socket = connect(port, "127.0.0.1");
  const head = [`${method} ${path} HTTP/1.1`, "host: localhost", ...headers].join("\r\n");
  socket.write(`${head}\r\n\r\n${body}`);
  await expect.poll(filesOnDisk).not.toHaveLength(0);
  socket.destroy();
}

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
    await cutOff("POST", `/object/${bucket.id}/cut.mp4`, headers, body);

    await expect.poll(filesOnDisk).toEqual([]);
    expect((await bucket.files.list()).data).toEqual([]);
  });

  test("over an object leaves the object as it was", async () => {
    const path = `/object/${bucket.id}/kept.mp4`;
    await request("POST", path, "kept");
    const before = await filesOnDisk();

    const socket = connect(port, "127.0.0.1");
    socket.write(`PUT ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\nhalf`);
    await expect.poll(filesOnDisk).toHaveLength(2);
    socket.destroy();

    await expect.poll(filesOnDisk).toEqual(before);
    expect(await (await request("GET", path)).text()).toBe("kept");
  });
});

test("overwriting and removing objects removes their files", async () => {
  const path = `/object/${bucket.id}/file.mp4`;
  await request("POST", path, "first");
  const [first] = await filesOnDisk();

  await request("PUT", path, "second");
  const remaining = await filesOnDisk();
  expect(remaining).toHaveLength(1);
  expect(remaining).not.toContain(first);

  await request("DELETE", path);
  expect(await filesOnDisk()).toEqual([]);
});

test("a reader of the old version gets it whole while it is replaced", async () => {
  const path = `/object/${bucket.id}/read.mp4`;
  await request("POST", path, "o".repeat(3_000_000));
  const response = await request("GET", path);

  await request("PUT", path, "n".repeat(3_000_000));

  expect(new Set(await response.text())).toEqual(new Set("o"));
});

test("what a crash left behind is gone after the next start, and nothing else", async () => {
  await request("POST", `/object/${bucket.id}/live.mp4`, "live");
  const [live] = await filesOnDisk();
  const orphan = "0e8f1c5a-0000-4000-8000-000000000000";
  await mkdir(join(directory, "objects", "0e"), { recursive: true });
  await writeFile(join(directory, "objects", "0e", orphan), "no row names me");
  await writeFile(join(directory, "incoming", "half"), "never became whole");

  storage = start();

  expect(await (await request("GET", `/object/${bucket.id}/live.mp4`)).text()).toBe("live");
  expect(await filesOnDisk()).toEqual([live]);
});

test("a large file passes through without being held in memory", async () => {
  const bytes = 192 * 1024 * 1024;
  const chunk = new Uint8Array(256 * 1024);
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (sent >= bytes) return controller.close();
      sent += chunk.length;
      controller.enqueue(chunk.slice());
    },
  });
  const path = `/object/${bucket.id}/large.mp4`;
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers);
  }, 5);
  const before = process.memoryUsage().arrayBuffers;

  const uploaded = await request("POST", path, body);
  const response = await request("GET", path);
  let received = 0;
  for await (const part of response.body ?? []) received += part.length;
  clearInterval(watch);

  expect(uploaded.status).toBe(200);
  expect(received).toBe(bytes);
  // The rest is what the collector has not got to yet.
  expect(peak - before).toBeLessThan((bytes * 2) / 3);
});
