import { createServiceClient } from "@sideline/proving-ground/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestBucket, type TestBucket } from "./test-bucket.ts";

const stack = inject("stack");
let bucket: TestBucket;

beforeAll(async () => {
  const allowedMimeTypes = ["video/*", "image/png"];
  bucket = await createTestBucket(stack, { fileSizeLimit: 1000, allowedMimeTypes });
});
afterAll(() => bucket.drop());

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
  ["far above it", () => Buffer.alloc(80_000_000)],
  ["in a form", () => new Blob([new Uint8Array(1001)], { type: "video/mp4" })],
  ["of unknown length", () => endless(5_000_000)],
])("a file %s above the bucket's limit is refused and leaves nothing", async (kind, body) => {
  const path = `large/${kind}`;

  const { error } = await bucket.files.upload(path, body(), { contentType: "video/mp4" });

  expect(error).toMatchObject(tooLarge);
  expect((await bucket.files.exists(path)).data).toBe(false);
});

test.each([
  ["raw", Buffer.alloc(1000)],
  ["in a form", new Blob([new Uint8Array(1000)], { type: "video/mp4" })],
])("a file exactly as large as the limit is taken, %s", async (kind, body) => {
  const { error } = await bucket.files.upload(`exact/${kind}`, body, { contentType: "video/mp4" });

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
  const raw = await bucket.files.upload("typed/raw", Buffer.from("x"), {
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
  const sizes = [0, 52_428_800, "52428800", "20MB", "1.5gb", "30KB", "3B"];
  const read = [0, 52_428_800, 52_428_800, 20_000_000, 1_500_000_000, 30_000, 3];

  for (const [index, size] of sizes.entries()) expect(await limit(size)).toBe(read[index]);
  for (const size of ["20 MB", "MB", "-1", "1TB"]) {
    expect(await limit(size)).toContain("Invalid file size format");
  }
  expect((await other.files.upload("x", "x", { contentType: "any/thing" })).error).toBeNull();
  const noType = await other.files.upload("y", "y", { contentType: "nonsense" });
  expect(noType.error).toMatchObject({ statusCode: "415" });
  await other.drop();
});

test("the type of a form's file counts, and a large refused one still hears why", async () => {
  const body = new Blob([new Uint8Array(80_000_000)], { type: "application/pdf" });

  const { error } = await bucket.files.upload("typed/form", body);

  expect(error).toMatchObject({ statusCode: "415" });
});

test("an overwrite that is refused leaves the old file as it was", async () => {
  const options = { contentType: "video/mp4", upsert: true };
  await bucket.files.upload("kept.mp4", Buffer.from("kept"), options);

  const { error } = await bucket.files.upload("kept.mp4", endless(5_000_000), options);

  expect(error).toMatchObject({ statusCode: "413" });
  expect(await (await bucket.files.download("kept.mp4")).data?.text()).toBe("kept");
});
