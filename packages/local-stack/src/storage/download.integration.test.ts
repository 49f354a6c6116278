import { createServiceClient, createUser } from "@sideline/proving-ground/testing";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestBucket, type TestBucket } from "./test-bucket.ts";

const stack = inject("stack");
const digits = "0123456789";
let bucket: TestBucket;
let open: TestBucket;

beforeAll(async () => {
  bucket = await createTestBucket(stack);
  open = await createTestBucket(stack, { public: true });
  const options = { contentType: "video/mp4", cacheControl: "60" };
  await bucket.files.upload("digits.mp4", Buffer.from(digits), options);
  await open.files.upload("page.html", Buffer.from("<p>"), { contentType: "text/html" });
});
afterAll(() => Promise.all([bucket.drop(), open.drop()]));

function get(headers: Record<string, string> = {}, method = "GET", query = ""): Promise<Response> {
  const url = `${stack.apiUrl}/storage/v1/object/authenticated/${bucket.id}/digits.mp4${query}`;
  return fetch(url, { method, headers: { apikey: stack.secretKey, ...headers } });
}

test("an object comes whole, with what browsers and players need to know", async () => {
  const response = await get();

  expect(response.status).toBe(200);
  expect(await response.text()).toBe(digits);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "video/mp4",
    "content-length": "10",
    "accept-ranges": "bytes",
    "cache-control": "max-age=60",
    etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    "last-modified": expect.stringContaining("GMT"),
  });
});

test("HEAD answers the same without the bytes", async () => {
  const response = await get({}, "HEAD");

  expect(response.status).toBe(200);
  expect(response.headers.get("content-length")).toBe("10");
  expect(await response.text()).toBe("");
});

describe("ranges", () => {
  test.each([
    ["bytes=0-0", "0", "bytes 0-0/10"],
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=8-999", "89", "bytes 8-9/10"],
    ["bytes=-99", digits, "bytes 0-9/10"],
  ])("%s", async (range, body, contentRange) => {
    const response = await get({ range });

    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(contentRange);
    expect(response.headers.get("content-length")).toBe(String(body.length));
    expect(await response.text()).toBe(body);
  });

  test.each(["bytes=10-", "bytes=-0"])("%s: nothing is there: 416 and the size", async (range) => {
    const response = await get({ range });

    expect(response.status).toBe(416);
    expect(response.headers.get("content-range")).toBe("bytes */10");
  });

  test.each(["bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "items=0-1"])(
    "%s asks for the whole object",
    async (range) => expect((await get({ range })).status).toBe(200),
  );

  test("of another version than the client began with, the whole object is sent", async () => {
    const response = await get({ range: "bytes=2-4", "if-range": '"another"' });

    expect(response.status).toBe(200);
    expect(await response.text()).toBe(digits);
  });
});

test("what the client has already is not sent again", async () => {
  const first = await get();
  const etag = first.headers.get("etag") ?? "";
  await first.text();

  expect((await get({ "if-none-match": etag })).status).toBe(304);
  expect((await get({ "if-none-match": '"other"' })).status).toBe(200);
  const modified = first.headers.get("last-modified") ?? "";
  expect((await get({ "if-modified-since": modified })).status).toBe(304);
});

test("?download asks the browser to save it, under a name", async () => {
  const named = await get({}, "GET", "?download=%C3%BCbung.mp4");
  const plain = await get({}, "GET", "?download=");

  expect(named.headers.get("content-disposition")).toBe(
    "attachment; filename=%C3%BCbung.mp4; filename*=UTF-8''%C3%BCbung.mp4;",
  );
  expect(plain.headers.get("content-disposition")).toBe("attachment;");
});

describe("public buckets", () => {
  test("anybody reads them by their public address; a page comes as plain text", async () => {
    const { publicUrl } = open.files.getPublicUrl("page.html").data;

    const response = await fetch(publicUrl);

    expect(await response.text()).toBe("<p>");
    expect(response.headers.get("content-type")).toBe("text/plain");
  });

  test("the same address of a private bucket leads nowhere", async () => {
    const { publicUrl } = bucket.files.getPublicUrl("digits.mp4").data;

    const response = await fetch(publicUrl);

    expect(await response.json()).toMatchObject({ statusCode: "404", message: "Bucket not found" });
  });
});

test("an object that is not there is reported as on hosted", async () => {
  const missing = await bucket.files.download("missing.mp4");
  const info = await bucket.files.info("missing.mp4");

  for (const { error } of [missing, info]) {
    expect(error).toMatchObject({ status: 400, statusCode: "404", message: "Object not found" });
  }
  expect((await bucket.files.exists("missing.mp4")).data).toBe(false);
  expect((await bucket.files.exists("digits.mp4")).data).toBe(true);
});

test("an image transformation is said not to be available", async () => {
  const { error } = await bucket.files.download("digits.mp4", { transform: { width: 10 } });

  expect(error).toMatchObject({ code: "FeatureNotEnabled" });
  expect(error?.message).toContain("not available");
});

const call = (path: string, init: RequestInit = {}) =>
  fetch(`${stack.apiUrl}/storage/v1${path}`, init);
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe("without a key", () => {
  test("the service tells that it is there", async () => {
    expect((await call("/status")).status).toBe(200);
    expect(await (await call("/version")).text()).toBe("embedded");
  });

  test.each(["GET", "HEAD"])("%s reads public buckets by every address", async (method) => {
    for (const path of ["public/", "", "info/", "info/public/"]) {
      const answer = await call(`/object/${path}${open.id}/page.html`, { method });
      expect([path, answer.status]).toEqual([path, 200]);
    }
  });

  test("other buckets are not there, and all else asks for a key", async () => {
    const hidden = await call(`/object/${bucket.id}/digits.mp4`);
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

test("an object's info has validators, and metadata even where none was given", async () => {
  const { data } = await open.files.info("page.html");
  const { headers } = await call(`/object/info/public/${open.id}/page.html`);

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
      return await tx`select name from storage.search('', ${bucket.id}, 10, 1, 0, 'DIG')`;
    });

  expect([...(await search("service_role"))]).toEqual([{ name: "digits.mp4" }]);
  expect([...(await search("authenticated"))]).toEqual([]);
  await sql.end();
});
