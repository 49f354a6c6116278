import { createServiceClient } from "@sideline/proving-ground/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestBucket, type TestBucket } from "./test-bucket.ts";

const stack = inject("stack");
let bucket: TestBucket;
let other: TestBucket;

beforeAll(async () => {
  bucket = await createTestBucket(stack);
  other = await createTestBucket(stack);
});
afterAll(() => Promise.all([bucket.drop(), other.drop()]));

async function put(path: string, text = path): Promise<string> {
  const { error } = await bucket.files.upload(path, Buffer.from(text), {
    contentType: "text/csv",
    metadata: { from: path },
  });
  if (error) throw error;
  return path;
}

describe("move", () => {
  test("gives the object another name, in this bucket or another", async () => {
    await put("moved/a.csv", "bytes");

    expect((await bucket.files.move("moved/a.csv", "moved/b.csv")).error).toBeNull();
    const options = { destinationBucket: other.id };
    expect((await bucket.files.move("moved/b.csv", "c.csv", options)).error).toBeNull();

    expect((await bucket.files.list("moved")).data).toEqual([]);
    expect(await (await other.files.download("c.csv")).data?.text()).toBe("bytes");
    expect((await other.files.info("c.csv")).data).toMatchObject({
      contentType: "text/csv",
      metadata: { from: "moved/a.csv" },
    });
  });

  test("onto a name that is taken is refused", async () => {
    await put("move/from.csv");
    await put("move/to.csv");

    const { error } = await bucket.files.move("move/from.csv", "move/to.csv");

    expect(error).toMatchObject({ statusCode: "409" });
    expect(await (await bucket.files.download("move/to.csv")).data?.text()).toBe("move/to.csv");
  });
});

describe("copy", () => {
  test("makes a second object that outlives the first", async () => {
    await put("copied/a.csv", "bytes");
    const options = { destinationBucket: other.id };

    const { data } = await bucket.files.copy("copied/a.csv", "copy.csv", options);
    await bucket.files.remove(["copied/a.csv"]);

    expect(data?.path).toBe(`${other.id}/copy.csv`);
    expect(await (await other.files.download("copy.csv")).data?.text()).toBe("bytes");
    expect((await other.files.info("copy.csv")).data).toMatchObject({
      contentType: "text/csv",
      metadata: { from: "copied/a.csv" },
    });
  });

  test("can be given metadata of its own", async () => {
    await put("copied/b.csv", "bytes");

    const url = `${stack.apiUrl}/storage/v1/object/copy`;
    const metadata = Buffer.from(JSON.stringify({ from: "the copy" })).toString("base64");
    const body = {
      bucketId: bucket.id,
      sourceKey: "copied/b.csv",
      destinationKey: "own.csv",
      copyMetadata: false,
      metadata: { cacheControl: "max-age=5" },
    };
    const answer = await fetch(url, {
      method: "POST",
      headers: { apikey: stack.secretKey, "x-metadata": metadata },
      body: JSON.stringify(body),
    });

    expect(await answer.json()).toMatchObject({ name: "own.csv", bucket_id: bucket.id });
    expect((await bucket.files.info("own.csv")).data).toMatchObject({
      contentType: "text/csv",
      cacheControl: "max-age=5",
      metadata: { from: "the copy" },
    });
  });

  test("of what is not there, or to a name that is not allowed, is refused", async () => {
    await put("copy.csv");

    const missing = await bucket.files.copy("missing.csv", "x.csv");
    const badName = await bucket.files.copy("copy.csv", "../x.csv");

    expect(missing.error).toMatchObject({ statusCode: "404" });
    expect(badName.error).toMatchObject({ code: "InvalidKey" });
  });
});

describe("list", () => {
  beforeAll(async () => {
    for (const path of ["tree/b.csv", "tree/a.csv", "tree/Sub/1.csv", "tree/sub2/deep/2.csv"]) {
      await put(path);
    }
    await put("trees.csv");
  });

  const names = (entries: { name: string }[] | null) => entries?.map((entry) => entry.name);

  test("shows one level by relative name, letter case aside; folders have no id", async () => {
    const { data } = await bucket.files.list("tree");

    expect(names(data)).toEqual(["a.csv", "b.csv", "Sub", "sub2"]);
    expect(data?.[2]).toMatchObject({ id: null, metadata: null });
    expect(data?.[0]).toMatchObject({
      id: expect.any(String),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      metadata: { size: 10, mimetype: "text/csv" },
    });
    expect(names((await bucket.files.list("tree/sub2/")).data)).toEqual(["deep"]);
  });

  test("pages, sorts and searches", async () => {
    const page = await bucket.files.list("tree", { limit: 2, offset: 1 });
    const newest = await bucket.files.list("tree", {
      sortBy: { column: "created_at", order: "desc" },
    });
    const found = await bucket.files.list("tree", { search: "SUB" });

    expect(names(page.data)).toEqual(["b.csv", "Sub"]);
    expect(names(newest.data)?.slice(2)).toEqual(["a.csv", "b.csv"]);
    expect(names(found.data)).toEqual(["Sub", "sub2"]);
  });

  test("looks into folders: letter case aside, and below what is searched for", async () => {
    const other = await bucket.files.list("TREE/SUB");
    const within = await bucket.files.list("tree", { search: "sub2/d" });

    expect(names(other.data)).toEqual(["1.csv"]);
    expect(names(within.data)).toEqual(["sub2/deep"]);
  });

  test("of a bucket that is not there is empty", async () => {
    const nowhere = createServiceClient(stack).storage.from("nowhere");

    expect((await nowhere.list()).data).toEqual([]);
    expect((await nowhere.listV2()).data).toMatchObject({ folders: [], objects: [] });
  });

  test("v2 shows whole names below a prefix, page by page", async () => {
    const flat = await bucket.files.listV2({ prefix: "tree/", limit: 3 });
    const rest = await bucket.files.listV2({ prefix: "tree/", cursor: flat.data?.nextCursor });

    expect(names(flat.data?.objects ?? null)).toEqual([
      "tree/Sub/1.csv",
      "tree/a.csv",
      "tree/b.csv",
    ]);
    expect(flat.data?.hasNext).toBe(true);
    expect(names(rest.data?.objects ?? null)).toContain("tree/sub2/deep/2.csv");
    expect(rest.data?.hasNext).toBe(false);
  });

  test("v2 shows folders where asked to", async () => {
    const { data } = await bucket.files.listV2({ prefix: "tree/", with_delimiter: true });

    expect(names(data?.folders ?? null)?.sort()).toEqual(["tree/Sub/", "tree/sub2/"]);
    expect(names(data?.objects ?? null)).toEqual(["tree/a.csv", "tree/b.csv"]);
    expect(data?.folders.map(({ key }) => key).sort()).toEqual(["Sub", "sub2"]);
    expect(data?.objects.map(({ key }) => key)).toEqual(["a.csv", "b.csv"]);
  });
});

describe("remove", () => {
  test("takes many by exact name and tells what it removed", async () => {
    await put("gone/a.csv");
    await put("gone/b.csv");
    await put("gone/c.csv");

    const { data } = await bucket.files.remove(["gone/a.csv", "gone/b.csv", "gone/nothing.csv"]);

    expect(data?.map((object) => object.name).sort()).toEqual(["gone/a.csv", "gone/b.csv"]);
    expect((await bucket.files.list("gone")).data).toHaveLength(1);
  });

  test("takes one by its address", async () => {
    await put("single.csv");
    const url = `${stack.apiUrl}/storage/v1/object/${bucket.id}/single.csv`;
    const request = { method: "DELETE", headers: { apikey: stack.secretKey } };

    expect((await fetch(url, request)).status).toBe(200);
    expect(await (await fetch(url, request)).json()).toMatchObject({ statusCode: "404" });
  });
});

test("buckets are made, changed, listed, emptied and removed", async () => {
  const { storage } = createServiceClient(stack);
  const id = `${bucket.id}-own`;
  const limits = { fileSizeLimit: "1.5MB", allowedMimeTypes: ["video/*"] };

  expect((await storage.createBucket(id, { public: false, ...limits })).data).toEqual({ name: id });
  expect((await storage.createBucket(id, { public: false })).error).toMatchObject({
    statusCode: "409",
  });
  const analytics = await storage.createBucket(`${id}-2`, { public: false, type: "ANALYTICS" });
  expect(analytics.error).toMatchObject({ code: "FeatureNotEnabled" });
  for (const name of ["a/b", " a", "a ", "x".repeat(101)]) {
    const { error } = await storage.createBucket(name, { public: false });
    expect(error).toMatchObject({ code: "InvalidBucketName" });
  }
  expect((await storage.getBucket(id)).data).toMatchObject({
    id,
    public: false,
    file_size_limit: 1_500_000,
    allowed_mime_types: ["video/*"],
  });
  const changes = { public: true, fileSizeLimit: null };
  expect((await storage.updateBucket(id, changes)).error).toBeNull();
  const { data: listed } = await storage.listBuckets({ search: id });
  expect(listed).toMatchObject([
    { id, type: "STANDARD", public: true, file_size_limit: null, allowed_mime_types: ["video/*"] },
  ]);

  await storage.from(id).upload("x.mp4", Buffer.from("x"), { contentType: "video/mp4" });
  expect((await storage.deleteBucket(id)).error).toMatchObject({
    statusCode: "409",
    code: "ResourceNotEmpty",
  });
  expect((await storage.emptyBucket(id)).error).toBeNull();
  expect((await storage.deleteBucket(id)).error).toBeNull();
  expect((await storage.getBucket(id)).error).toMatchObject({ message: "Bucket not found" });
});
