import { Readable } from "node:stream";
import { createServiceClient } from "@sideline/proving-ground/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestBucket, type TestBucket } from "./test-bucket.ts";

const stack = inject("stack");
let bucket: TestBucket;
let limited: TestBucket;
let images: TestBucket;

beforeAll(async () => {
  bucket = await createTestBucket(stack);
  const allowedMimeTypes = ["video/*", "image/png"];
  limited = await createTestBucket(stack, { fileSizeLimit: 1000, allowedMimeTypes });
  images = await createTestBucket(stack, { allowedMimeTypes: ["image/png"] });
});
afterAll(() => Promise.all([bucket, limited, images].map((one) => one.drop())));

async function textOf(path: string): Promise<string | undefined> {
  const { data } = await bucket.files.download(path);
  return data?.text();
}

describe("the kinds of body storage-js sends", () => {
  const text = "every byte arrives";
  const bodies = {
    Buffer: () => Buffer.from(text),
    ArrayBuffer: () => new TextEncoder().encode(text).buffer,
    Blob: () => new Blob([text], { type: "text/css" }),
    File: () => new File([text], "named.css", { type: "text/css" }),
    FormData: () => {
      const form = new FormData();
      form.append("anything", new Blob([text], { type: "text/css" }));
      return form;
    },
    "web stream": () => new Blob([text]).stream(),
    "Node stream": () => Readable.from([Buffer.from("every byte "), Buffer.from("arrives")]),
    text: () => text,
  };

  test.each(Object.entries(bodies))("%s", async (kind, body) => {
    const path = `bodies/${kind}.txt`;

    const { data, error } = await bucket.files.upload(path, body(), { contentType: "text/css" });

    expect(error).toBeNull();
    expect(data).toMatchObject({ path, fullPath: `${bucket.id}/${path}` });
    expect(data?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await textOf(path)).toBe(text);
    const info = await bucket.files.info(path);
    expect(info.data).toMatchObject({ size: text.length, contentType: "text/css" });
  });

  test.each([
    ["raw", Buffer.alloc(0)],
    ["in a form", new Blob([], { type: "video/mp4" })],
  ])("a file of no bytes, %s, is an object of size 0", async (kind, body) => {
    const path = `empty/${kind}`;

    await bucket.files.upload(path, body, { contentType: "video/mp4" });

    expect((await bucket.files.info(path)).data).toMatchObject({ size: 0 });
    const { data } = await bucket.files.download(path);
    expect(data?.size).toBe(0);
  });
});

test.each([
  ["raw", Buffer.from("x")],
  ["in a form", new Blob(["x"])],
])("cache control and metadata are kept, %s", async (kind, body) => {
  const path = `described/${kind}`;
  const metadata = { take: 3, place: "São Paulo" };

  await bucket.files.upload(path, body, { cacheControl: "60", metadata });

  const { data } = await bucket.files.info(path);
  expect(data).toMatchObject({ cacheControl: "max-age=60", metadata });
});

test("a name that is taken is refused, unless it is an upsert", async () => {
  await bucket.files.upload("twice.txt", Buffer.from("first"));

  const again = await bucket.files.upload("twice.txt", Buffer.from("second"));
  expect(again.error).toMatchObject({ statusCode: "409", message: "The resource already exists" });
  expect(await textOf("twice.txt")).toBe("first");

  const upsert = await bucket.files.upload("twice.txt", Buffer.from("third"), { upsert: true });
  expect(upsert.error).toBeNull();
  expect(await textOf("twice.txt")).toBe("third");
});

test("update replaces the bytes and keeps the object's id", async () => {
  const first = await bucket.files.upload("updated.txt", Buffer.from("old"));

  const second = await bucket.files.update("updated.txt", Buffer.from("new"));

  expect(second.data?.id).toBe(first.data?.id);
  expect(await textOf("updated.txt")).toBe("new");
});

test("of many writers at once one wins whole, and the others hear why", async () => {
  const uploads = Array.from({ length: 12 }, (_, i) =>
    bucket.files.upload("race.txt", Buffer.alloc(100_000, `${i % 10}`)),
  );

  const results = await Promise.all(uploads);

  expect(results.filter((result) => result.error === null)).toHaveLength(1);
  const refused = results.filter((result) => result.error !== null);
  for (const { error } of refused) expect(error).toMatchObject({ statusCode: "409" });
  const winner = (await textOf("race.txt")) ?? "";
  expect(winner).toHaveLength(100_000);
  expect(new Set(winner).size).toBe(1);
});

function post(id: string, name: string): Promise<Response> {
  const path = name.split("/").map(encodeURIComponent).join("%2F");
  const headers = { apikey: stack.secretKey };
  const url = `${stack.apiUrl}/storage/v1/object/${id}/${path}`;
  return fetch(url, { method: "POST", headers, body: "x" });
}

test.each([
  ...["../escape.txt", "a/..", "a/../b.txt", "a//b.txt", "/a.txt", "a/", "a\\b.txt"],
  ...["tab\there.txt", "ümlaut.txt", "a%b.txt", "a\u0000", "x".repeat(1025)],
])("the name %j is refused", async (name) => {
  const response = await post(bucket.id, name);

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ statusCode: "400", error: "InvalidKey" });
});

test.each(["folder/sub folder/take 1 (final).mp4", "a-b_c!*'&$@=;:+,?.txt", "x".repeat(1024)])(
  "the name %s is taken",
  async (name) => expect((await post(bucket.id, name)).status).toBe(200),
);

test("a bucket that is not there is said not to be", async () => {
  const expected = { statusCode: "404", error: "Bucket not found", message: "Bucket not found" };
  expect(await (await post("no-such-bucket", "x")).json()).toMatchObject(expected);
});

const tooLarge = {
  status: 400,
  statusCode: "413",
  message: "The object exceeded the maximum allowed size",
};

function endless(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(new Uint8Array(Math.min(left, 65_536)));
      left -= 65_536;
    },
  });
}

test.each([
  ["whose length is announced", () => Buffer.alloc(1001)],
  ["far above it", () => Buffer.alloc(20_000_000)],
  ["in a form", () => new Blob([new Uint8Array(1001)], { type: "video/mp4" })],
  ["of unknown length", () => endless(5_000_000)],
])("a file %s above the bucket's limit is refused and leaves nothing", async (kind, body) => {
  const path = `large/${kind}`;

  const { error } = await limited.files.upload(path, body(), { contentType: "video/mp4" });

  expect(error).toMatchObject(tooLarge);
  expect((await limited.files.exists(path)).data).toBe(false);
});

test.each([
  ["raw", Buffer.alloc(1000)],
  ["in a form", new Blob([new Uint8Array(1000)], { type: "video/mp4" })],
])("a file exactly as large as the limit is taken, %s", async (kind, body) => {
  const { error } = await limited.files.upload(`exact/${kind}`, body, { contentType: "video/mp4" });

  expect(error).toBeNull();
});

test.each([
  ["video/mp4", true],
  ["VIDEO/WebM;codecs=vp9", true],
  ["image/png", true],
  ["image/jpeg", false],
  ["image/pngx", false],
  ["video", false],
  ["text/plain;charset=UTF-8", false],
  ["nonsense", false],
])("type %s is taken: %s", async (contentType, taken) => {
  const raw = await limited.files.upload("typed/raw", Buffer.from("x"), {
    contentType,
    upsert: true,
  });

  const refused = { statusCode: "415", message: `mime type ${contentType} is not supported` };
  if (taken) expect(raw.error).toBeNull();
  else expect(raw.error).toMatchObject(refused);
});

test("a bucket's limit is bytes or text, its types may be all types", async () => {
  const { storage } = createServiceClient(stack);
  const other = await createTestBucket(stack, { allowedMimeTypes: ["*/*"] });
  const limit = async (fileSizeLimit: number | string) => {
    const { error } = await storage.updateBucket(other.id, { public: false, fileSizeLimit });
    return error?.message ?? (await storage.getBucket(other.id)).data?.file_size_limit;
  };
  const sizes = [0, 52_428_800, "52428800", "20MB", "0.01gb", "30KB", "3B"];
  const read = [0, 52_428_800, 52_428_800, 20_000_000, 10_000_000, 30_000, 3];

  for (const [index, size] of sizes.entries()) expect(await limit(size)).toBe(read[index]);
  for (const size of ["20 MB", "MB", "-1", "1TB"]) {
    expect(await limit(size)).toContain("Invalid file size format");
  }
  const types = (allowedMimeTypes: string[]) =>
    storage.updateBucket(other.id, { public: false, allowedMimeTypes });
  expect((await types(["video/*", "text/plain; charset=utf-8"])).error).toBeNull();
  expect((await types(["video/mp4", "pictures"])).error).toMatchObject({
    statusCode: "415",
    message: "mime type pictures is not supported",
  });
  await types(["*/*"]);
  expect((await other.files.upload("x", "x", { contentType: "any/thing" })).error).toBeNull();
  const noType = await other.files.upload("y", "y", { contentType: "nonsense" });
  expect(noType.error).toMatchObject({ statusCode: "415" });
  await other.drop();
});

test("the type of a form's file counts, and a large refused one still hears why", async () => {
  const body = new Blob([new Uint8Array(20_000_000)], { type: "application/pdf" });

  const { error } = await limited.files.upload("typed/form", body);

  expect(error).toMatchObject({ statusCode: "415" });
});

test("an overwrite that is refused leaves the old file as it was", async () => {
  const options = { contentType: "video/mp4", upsert: true };
  await limited.files.upload("kept.mp4", Buffer.from("kept"), options);

  const { error } = await limited.files.upload("kept.mp4", endless(5_000_000), options);

  expect(error).toMatchObject({ statusCode: "413" });
  expect(await (await limited.files.download("kept.mp4")).data?.text()).toBe("kept");
});

test("a form's type counts wherever in the form it stands", async () => {
  const form = new FormData();
  form.append("", new Blob(["x"], { type: "image/png" }));
  form.append("contentType", "text/html");
  const body = { method: "POST", headers: { apikey: stack.secretKey }, body: form };

  const answer = await fetch(`${stack.apiUrl}/storage/v1/object/${images.id}/late.png`, body);

  expect(await answer.json()).toMatchObject({ statusCode: "415" });
  expect((await images.files.exists("late.png")).data).toBe(false);
});

test("what keeps an empty folder passes a bucket's types, and is empty", async () => {
  const path = "folder/.emptyFolderPlaceholder";

  const full = await images.files.upload(path, Buffer.from("x"));
  const empty = await images.files.upload(path, Buffer.alloc(0));

  expect(full.error).toMatchObject({ statusCode: "413" });
  expect(empty.error).toBeNull();
});
