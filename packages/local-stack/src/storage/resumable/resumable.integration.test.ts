import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { createAnonymousClient, createUser, type TestUser } from "@sideline/proving-ground/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestBucket, type TestBucket } from "../test-bucket.ts";
import { chunkSize, encodeMetadata, refusal, testUploads } from "./test-uploads.ts";

const stack = inject("stack");
let bucket: TestBucket;
let owner: TestUser;
let stranger: TestUser;

beforeAll(async () => {
  bucket = await createTestBucket(stack, {
    fileSizeLimit: 20_000_000,
    allowedMimeTypes: ["video/*"],
  });
  owner = await createUser(stack, "owner");
  stranger = await createUser(stack, "stranger");
});
afterAll(() => bucket.drop());

const { endpoint, authorization, tusUpload, begin, send, bytesOf } = testUploads(stack, () => ({
  bucket,
  owner,
}));

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

describe("at its beginning an upload is refused", () => {
  const size = Buffer.alloc(100);

  test("above the bucket's limit", async () => {
    const { done } = tusUpload(`${owner.userId}/large.mp4`, Buffer.alloc(20_000_001));

    expect(await refusal(done)).toMatchObject({
      status: 413,
      body: "Maximum size exceeded",
    });
  });

  test.each([["text/plain"], [undefined]])("with type %s", async (contentType) => {
    const objectName = `${owner.userId}/type.mp4`;
    const metadata = { bucketName: bucket.id, objectName, ...(contentType && { contentType }) };

    const upload = tusUpload(objectName, size, { metadata, uploadDataDuringCreation: false });
    const answer = await refusal(upload.done);

    expect(upload.url()).toBe("");
    expect(answer.status).toBe(415);
    expect(answer.body).toContain("is not supported");
  });

  test("by name, for a bucket that is not there, or without metadata", async () => {
    const status = async (metadata: Record<string, string>) =>
      (await refusal(tusUpload("", size, { metadata }).done)).status;
    const contentType = "video/mp4";

    expect(await status({ bucketName: bucket.id, objectName: "a/../b", contentType })).toBe(400);
    expect(await status({ bucketName: "nowhere", objectName: "x", contentType })).toBe(404);
    expect(await status({})).toBe(400);
  });

  test("to a stranger and to an anonymous caller", async () => {
    const name = `${owner.userId}/theirs.mp4`;

    for (const headers of [authorization(stranger), { apikey: stack.publishableKey }]) {
      expect((await refusal(tusUpload(name, size, { headers }).done)).status).toBe(403);
    }
  });

  test("where the name is taken, unless it is an upsert", async () => {
    const name = `${owner.userId}/taken.mp4`;
    await tusUpload(name, Buffer.from("first")).done;

    expect((await refusal(tusUpload(name, Buffer.from("second")).done)).status).toBe(409);
    const headers = { ...authorization(owner), "x-upsert": "true" };
    await tusUpload(name, Buffer.from("third"), { headers }).done;
    expect((await bytesOf(name)).toString()).toBe("third");
  });
});

test("an upload is its maker's alone", async () => {
  const name = `${owner.userId}/private.mp4`;
  const url = await begin(name, 4);

  expect((await send("HEAD", url, stranger)).status).toBe(404);
  expect((await send("PATCH", url, stranger, 0, Buffer.from("evil"))).status).toBe(404);
  expect((await send("DELETE", url, stranger)).status).toBe(404);
  expect((await send("GET", url, owner)).status).toBe(404);
  expect((await send("PATCH", url, owner, 0, Buffer.from("good"))).status).toBe(204);
  expect((await bytesOf(name)).toString()).toBe("good");
});

test("rights are checked again at the end: of two uploads of one name the second is refused", async () => {
  const name = `${owner.userId}/contested.mp4`;
  const [one, two] = [await begin(name, 3), await begin(name, 3)];

  expect((await send("PATCH", one, owner, 0, Buffer.from("one"))).status).toBe(204);
  expect((await send("PATCH", two, owner, 0, Buffer.from("two"))).status).toBe(409);

  expect((await bytesOf(name)).toString()).toBe("one");
  expect((await send("HEAD", two, owner)).status).toBe(404);
});

test("a terminated upload is gone", async () => {
  const url = await begin(`${owner.userId}/terminated.mp4`, 4);

  expect((await send("DELETE", url, owner)).status).toBe(204);

  expect((await send("HEAD", url, owner)).status).toBe(404);
});

describe("with a signed upload link", () => {
  const signed = `${endpoint}/sign`;

  async function signature(name: string): Promise<string> {
    const { data, error } = await owner.client.storage.from(bucket.id).createSignedUploadUrl(name);
    if (error) throw error;
    return data.token;
  }

  async function beginSigned(name: string, length: number, headers: Record<string, string>) {
    const metadata = { bucketName: bucket.id, objectName: name, contentType: "video/mp4" };
    const upload = { "upload-length": `${length}`, "upload-metadata": encodeMetadata(metadata) };
    const begun = await fetch(signed, { method: "POST", headers: { ...headers, ...upload } });
    return begun.headers.get("location") ?? "";
  }

  test("anybody uploads the one object, for the signer", async () => {
    const name = `${owner.userId}/signed.mp4`;
    const body = randomBytes(chunkSize + 10);
    const headers = { "x-signature": await signature(name), apikey: stack.publishableKey };

    await tusUpload(name, body, { endpoint: signed, headers }).done;

    expect(body.equals(await bytesOf(name))).toBe(true);
    const mine = createAnonymousClient(stack).storage.from(bucket.id);
    expect((await mine.download(name)).error).not.toBeNull();
  });

  test("an interrupted upload resumes, with the link alone", async () => {
    const name = `${owner.userId}/resumed-by-link.mp4`;
    const headers = { "x-signature": await signature(name), "tus-resumable": "1.0.0" };
    const url = await beginSigned(name, 6, headers);
    const send = (offset: number, body: string) =>
      fetch(url, {
        method: "PATCH",
        headers: {
          ...headers,
          "upload-offset": String(offset),
          "content-type": "application/offset+octet-stream",
        },
        body,
      });

    expect((await send(0, "one")).status).toBe(204);
    const asked = await fetch(url, { method: "HEAD", headers });
    expect([asked.status, asked.headers.get("upload-offset")]).toEqual([200, "3"]);
    expect((await send(3, "two")).status).toBe(204);
    expect((await bytesOf(name)).toString()).toBe("onetwo");
  });

  test("an upload cannot be carried on without the link", async () => {
    const name = "by-service.mp4";
    const { data: link } = await bucket.files.createSignedUploadUrl(name);
    const headers = { apikey: stack.publishableKey, "tus-resumable": "1.0.0" };
    const signature = { "x-signature": link?.token ?? "" };
    const withSign = await beginSigned(name, 4, { ...headers, ...signature });
    const withoutSign = withSign.replace("/sign/", "/");

    expect(withSign).toContain("/resumable/sign/");
    expect((await fetch(withSign, { method: "HEAD", headers })).status).toBe(400);
    expect((await fetch(withoutSign, { method: "HEAD", headers })).status).toBe(404);
  });

  test("nobody uploads another object, or without the link", async () => {
    const name = `${owner.userId}/other.mp4`;
    const apikey = stack.publishableKey;
    const forAnother = { "x-signature": await signature(`${owner.userId}/one.mp4`), apikey };

    for (const headers of [forAnother, { apikey }]) {
      const upload = tusUpload(name, Buffer.from("x"), { endpoint: signed, headers });
      expect((await refusal(upload.done)).status).toBe(400);
    }
    expect((await bucket.files.exists(name)).data).toBe(false);
  });
});
