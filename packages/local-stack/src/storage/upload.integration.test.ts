import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestBucket, type TestBucket } from "./test-bucket.ts";

const stack = inject("stack");
let bucket: TestBucket;

beforeAll(async () => {
  bucket = await createTestBucket(stack);
});
afterAll(() => bucket.drop());

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
