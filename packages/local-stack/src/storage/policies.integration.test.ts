import { createAnonymousClient, createUser, type TestUser } from "@sideline/proving-ground/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestBucket, type TestBucket } from "./test-bucket.ts";

const stack = inject("stack");
let bucket: TestBucket;
let owner: TestUser;
let stranger: TestUser;
let path: string;

beforeAll(async () => {
  bucket = await createTestBucket(stack);
  owner = await createUser(stack, "owner");
  stranger = await createUser(stack, "stranger");
  path = `${owner.userId}/take.mp4`;
  const { error } = await files(owner).upload(path, Buffer.from("mine"));
  if (error) throw error;
});
afterAll(() => bucket.drop());

function files({ client }: Pick<TestUser, "client">) {
  return client.storage.from(bucket.id);
}

test("the owner does everything in their folder", async () => {
  const mine = files(owner);
  const copy = `${owner.userId}/copy.mp4`;
  const moved = `${owner.userId}/moved.mp4`;

  expect((await mine.upload(path, Buffer.from("mine 2"), { upsert: true })).error).toBeNull();
  expect((await mine.copy(path, copy)).error).toBeNull();
  expect((await mine.move(copy, moved)).error).toBeNull();
  expect((await mine.list(owner.userId)).data?.map((entry) => entry.name)).toEqual([
    "moved.mp4",
    "take.mp4",
  ]);
  expect(await (await mine.download(path)).data?.text()).toBe("mine 2");
  expect((await mine.remove([moved])).data).toMatchObject([
    { name: moved, owner_id: owner.userId },
  ]);
});

describe.each([
  ["a stranger", () => files(stranger)],
  ["an anonymous caller", () => files({ client: createAnonymousClient(stack) })],
])("%s", (_who, them) => {
  const hidden = { statusCode: "404", message: "Object not found" };
  const refused = { statusCode: "403", message: "new row violates row-level security policy" };

  test("cannot tell that the object exists", async () => {
    expect((await them().download(path)).error).toMatchObject(hidden);
    expect((await them().info(path)).error).toMatchObject(hidden);
    expect((await them().exists(path)).data).toBe(false);
    expect((await them().list(owner.userId)).data).toEqual([]);
    expect((await them().list()).data).toEqual([]);
    expect((await them().listV2({})).data).toMatchObject({ folders: [], objects: [] });
  });

  test("cannot write to the folder, over the object or beside it", async () => {
    const body = Buffer.from("theirs");

    expect((await them().upload(path, body)).error).toMatchObject(refused);
    expect((await them().upload(path, body, { upsert: true })).error).toMatchObject(refused);
    expect((await them().update(path, body)).error).toMatchObject(refused);
    const beside = `${owner.userId}/planted.mp4`;
    expect((await them().upload(beside, new Blob([body]))).error).toMatchObject(refused);
    expect((await bucket.files.exists(beside)).data).toBe(false);
  });

  test("cannot take the object away: moves, copies and removals find nothing", async () => {
    expect((await them().move(path, `${stranger.userId}/x.mp4`)).error).toMatchObject(hidden);
    expect((await them().copy(path, `${stranger.userId}/x.mp4`)).error).toMatchObject(hidden);
    expect((await them().remove([path])).data).toEqual([]);
    expect((await bucket.files.exists(path)).data).toBe(true);
  });

  test("can neither make nor see buckets", async () => {
    const { storage } = createAnonymousClient(stack);
    const created = await storage.createBucket("theirs", { public: false });

    expect(created.error).toMatchObject(refused);
    expect((await storage.listBuckets()).data).toEqual([]);
    expect((await storage.getBucket(bucket.id)).error).toMatchObject({ statusCode: "404" });
    expect((await storage.emptyBucket(bucket.id)).error).toMatchObject({
      status: 403,
      message: "Access denied: Invalid role",
    });
  });
});

test("the owner cannot move an object out of their folder", async () => {
  const { error } = await files(owner).move(path, `${stranger.userId}/gift.mp4`);

  expect(error).toMatchObject({ statusCode: "403" });
  expect((await bucket.files.exists(path)).data).toBe(true);
});

test("who may only insert can upload, but neither overwrite nor read", async () => {
  const dropBox = await createTestBucket(stack, { rights: "insert" });
  const mine = owner.client.storage.from(dropBox.id);

  expect((await mine.upload(path, Buffer.from("x"))).error).toBeNull();
  expect((await mine.upload(path, Buffer.from("y"), { upsert: true })).error).toMatchObject({
    statusCode: "403",
  });
  expect((await mine.download(path)).error).toMatchObject({ statusCode: "404" });
  await dropBox.drop();
});

test("who may only read can neither upload nor remove", async () => {
  const library = await createTestBucket(stack, { rights: "select" });
  await library.files.upload(path, Buffer.from("x"));
  const mine = owner.client.storage.from(library.id);

  expect(await (await mine.download(path)).data?.text()).toBe("x");
  expect((await mine.upload(path, Buffer.from("y"))).error).toMatchObject({ statusCode: "403" });
  expect((await mine.move(path, `${owner.userId}/y`)).error).toMatchObject({ statusCode: "404" });
  expect((await mine.remove([path])).data).toEqual([]);
  expect((await library.files.exists(path)).data).toBe(true);
  await library.drop();
});
