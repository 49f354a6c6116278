import { createServiceClient, createUser } from "@sideline/proving-ground/testing";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestBucket, type TestBucket } from "./test-bucket.ts";

const stack = inject("stack");
let open: TestBucket;
let closed: TestBucket;

beforeAll(async () => {
  open = await createTestBucket(stack, { public: true });
  closed = await createTestBucket(stack, { allowedMimeTypes: ["image/png"] });
  await open.files.upload("a.txt", Buffer.from("open"), { contentType: "text/plain" });
  await closed.files.upload("a.png", Buffer.from("closed"), { contentType: "image/png" });
});
afterAll(() => Promise.all([open.drop(), closed.drop()]));

const call = (path: string, init: RequestInit = {}) =>
  fetch(`${stack.apiUrl}/storage/v1${path}`, init);
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe("without a key", () => {
  test("the service tells that it is there", async () => {
    expect((await call("/status")).status).toBe(200);
  });

  test.each(["GET", "HEAD"])("%s reads public buckets by every address", async (method) => {
    for (const path of ["public/", "", "info/", "info/public/"]) {
      const answer = await call(`/object/${path}${open.id}/a.txt`, { method });
      expect([path, answer.status]).toEqual([path, 200]);
    }
  });

  test("other buckets are not there, and all else asks for a key", async () => {
    const hidden = await call(`/object/${closed.id}/a.png`);
    const listed = await call(`/object/list/${open.id}`, { method: "POST", body: "{}" });

    expect(await hidden.json()).toMatchObject({ statusCode: "404", message: "Bucket not found" });
    expect(listed.status).toBe(400);
    expect(await listed.json()).toMatchObject({ statusCode: "403" });
  });
});

test.each([
  ["malformed", "nonsense", "Invalid Compact JWS"],
  ["forged", "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl", "signature verification failed"],
])("a %s token is refused with status 400", async (_kind, token, message) => {
  const answer = await call("/bucket", bearer(token));

  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ statusCode: "403", error: "Unauthorized", message });
});

test("links to what is not there: one by one, whatever the bucket", async () => {
  const nowhere = createServiceClient(stack).storage.from("nowhere");

  expect((await nowhere.createSignedUrl("a", 60)).error).toMatchObject({
    message: "Object not found",
  });
  expect((await nowhere.createSignedUrls(["a", "b"], 60)).data).toMatchObject([
    { path: "a", error: expect.stringContaining("does not exist") },
    { path: "b", error: expect.stringContaining("does not exist") },
  ]);
});

test("a form's type counts wherever in the form it stands", async () => {
  const form = new FormData();
  form.append("", new Blob(["x"], { type: "image/png" }));
  form.append("contentType", "text/html");
  const body = { method: "POST", headers: { apikey: stack.secretKey }, body: form };

  const answer = await call(`/object/${closed.id}/late.png`, body);

  expect(await answer.json()).toMatchObject({ statusCode: "415" });
  expect((await closed.files.exists("late.png")).data).toBe(false);
});

test("what keeps an empty folder passes a bucket's types, and is empty", async () => {
  const path = "folder/.emptyFolderPlaceholder";

  const full = await closed.files.upload(path, Buffer.from("x"));
  const empty = await closed.files.upload(path, Buffer.alloc(0));

  expect(full.error).toMatchObject({ statusCode: "413" });
  expect(empty.error).toBeNull();
});

test("an object's info has validators, and metadata even where none was given", async () => {
  const { data } = await open.files.info("a.txt");
  const { headers } = await call(`/object/info/public/${open.id}/a.txt`);

  expect(data?.metadata).toEqual({});
  expect(headers.get("etag")).toBe(data?.etag);
  expect(headers.get("last-modified")).not.toBeNull();
});

test("storage.search() can be called by SQL, with the caller's rights", async () => {
  const sql = postgres(stack.dbUrl, { max: 1 });
  const stranger = await createUser(stack, "stranger");
  const search = (role: string) =>
    sql.begin(async (tx) => {
      await tx`select set_config('role', ${role}, true),
        set_config('request.jwt.claims', ${JSON.stringify({ sub: stranger.userId })}, true)`;
      return await tx`select name from storage.search('', ${closed.id}, 10, 1, 0, 'A')`;
    });

  expect([...(await search("service_role"))]).toEqual([{ name: "a.png" }]);
  expect([...(await search("authenticated"))]).toEqual([]);
  await sql.end();
});
