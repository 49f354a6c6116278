import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { createUser, type TestUser } from "@sideline/proving-ground/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestBucket, type TestBucket } from "../test-bucket.ts";
import { chunkSize, refusal, testUploads } from "./test-uploads.ts";

const stack = inject("stack");
let bucket: TestBucket;
let owner: TestUser;

beforeAll(async () => {
  bucket = await createTestBucket(stack, {
    fileSizeLimit: 20_000_000,
    allowedMimeTypes: ["video/*"],
  });
  owner = await createUser(stack, "owner");
});
afterAll(() => bucket.drop());

const { endpoint, tusUpload, begin, send, bytesOf } = testUploads(stack, () => ({ bucket, owner }));

test("a file in three chunks becomes an object when the last has come", async () => {
  const name = `${owner.userId}/whole.mp4`;
  const body = randomBytes(2 * chunkSize + 1000);
  const seen: boolean[] = [];

  const upload = tusUpload(name, body, {
    metadata: {
      bucketName: bucket.id,
      objectName: name,
      contentType: "video/mp4",
      cacheControl: "60",
      metadata: JSON.stringify({ take: "Zweite Übung" }),
    },
    onChunkComplete: async (_size, accepted, total) => {
      if (accepted < (total ?? 0)) seen.push((await bucket.files.exists(name)).data);
    },
  });
  await upload.done;

  expect(upload.url()).toMatch(new RegExp(`^${endpoint}/[0-9a-f-]{36}$`));
  expect(seen).not.toContain(true);
  expect(body.equals(await bytesOf(name))).toBe(true);
  expect((await bucket.files.info(name)).data).toMatchObject({
    size: body.length,
    contentType: "video/mp4",
    cacheControl: "max-age=60",
    metadata: { take: "Zweite Übung" },
  });
  const [removed] = (await bucket.files.remove([name])).data ?? [];
  expect(removed).toMatchObject({ owner_id: owner.userId });
});

test("an interrupted upload goes on where it stopped", async () => {
  const name = `${owner.userId}/resumed.mp4`;
  const body = randomBytes(2 * chunkSize + 1000);
  const first = tusUpload(name, body, { onChunkComplete: () => void first.abort() });
  await expect.poll(() => first.url()).not.toBe("");
  await expect
    .poll(async () => Number((await send("HEAD", first.url(), owner)).headers.get("upload-offset")))
    .toBeGreaterThanOrEqual(chunkSize);
  await first.abort();

  let sentAgain = Number.POSITIVE_INFINITY;
  await tusUpload(name, body, {
    uploadUrl: first.url(),
    onProgress: (sent) => {
      sentAgain = Math.min(sentAgain, sent);
    },
  }).done;

  expect(sentAgain).toBeGreaterThanOrEqual(chunkSize);
  expect(body.equals(await bytesOf(name))).toBe(true);
});

test("a client that missed the last answer learns that all is there, and the object stays", async () => {
  const name = `${owner.userId}/answered.mp4`;
  const url = await begin(name, 4);
  expect((await send("PATCH", url, owner, 0, Buffer.from("data"))).status).toBe(204);

  const head = await send("HEAD", url, owner);
  expect(head.status).toBe(200);
  expect(head.headers.get("upload-offset")).toBe("4");
  expect((await send("PATCH", url, owner, 0, Buffer.from("xxxx"))).status).toBe(409);
  expect((await send("DELETE", url, owner)).status).toBe(400);
  expect((await bytesOf(name)).toString()).toBe("data");
});

test("a file of no bytes is an object of size 0", async () => {
  const name = `${owner.userId}/empty.mp4`;

  await tusUpload(name, Buffer.alloc(0)).done;

  expect((await bucket.files.info(name)).data).toMatchObject({ size: 0 });
});

test("an upload of unknown length is held to the limit as well", async () => {
  const name = `${owner.userId}/deferred.mp4`;
  let taken = 0;
  const upload = (chunks: number) =>
    tusUpload(name, Readable.from(Array(chunks).fill(Buffer.alloc(chunkSize))), {
      uploadLengthDeferred: true,
      uploadDataDuringCreation: false,
      onChunkComplete: (_size, accepted) => {
        taken = accepted;
      },
    }).done;

  await upload(2);
  expect((await bytesOf(name)).length).toBe(2 * chunkSize);
  await bucket.files.remove([name]);
  expect((await refusal(upload(6))).status).toBe(413);
  expect(taken).toBe(3 * chunkSize);
  expect((await bucket.files.exists(name)).data).toBe(false);
});
