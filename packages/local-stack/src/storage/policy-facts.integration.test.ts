import { randomUUID } from "node:crypto";
import { createUser, type TestUser } from "@sideline/proving-ground/testing";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { refusal, testUploads } from "./resumable/test-uploads.ts";
import { createTestBucket, type TestBucket } from "./test-bucket.ts";

/** What policies may ask of an object and of the request that brings it, before its bytes are there. */
const stack = inject("stack");
const sql = postgres(stack.adminDbUrl, { max: 1, onnotice: () => {} });
const policies: string[] = [];
const buckets: TestBucket[] = [];
let owner: TestUser;

beforeAll(async () => {
  owner = await createUser(stack, "owner");
});
afterAll(async () => {
  for (const name of policies) await sql.unsafe(`drop policy "${name}" on storage.objects`);
  await sql.end();
  for (const bucket of buckets) await bucket.drop();
});

/** A bucket in which users may do what `rule` says. */
async function bucketWith(
  rule: string,
  kind: "insert" | "select" | "delete" = "insert",
): Promise<TestBucket> {
  const bucket = await createTestBucket(stack, { rights: "none" });
  await allow(bucket, rule, kind);
  buckets.push(bucket);
  return bucket;
}

async function allow(bucket: TestBucket, rule: string, kind: "insert" | "select" | "delete") {
  const name = `test: ${randomUUID()}`;
  const clause = kind === "insert" ? "with check" : "using";
  await sql.unsafe(`
    create policy "${name}" on storage.objects for ${kind} to authenticated
    ${clause} (bucket_id = '${bucket.id}' and (${rule}))
  `);
  policies.push(name);
}

const filesOf = (bucket: TestBucket) => owner.client.storage.from(bucket.id);
const refused = { statusCode: "403", message: "new row violates row-level security policy" };

function resumable(bucket: TestBucket, metadata: Record<string, string>, body: Buffer) {
  const { tusUpload } = testUploads(stack, () => ({ bucket, owner }));
  const common = { bucketName: bucket.id, objectName: randomUUID() };
  return tusUpload("", body, { metadata: { ...common, ...metadata } }).done;
}

describe("the application's metadata", () => {
  const staff = { department: "engineering" };
  let bucket: TestBucket;
  beforeAll(async () => {
    bucket = await bucketWith("user_metadata ->> 'department' = 'engineering'");
    await allow(bucket, "true", "select");
  });

  test.each([
    ["a raw upload", () => Buffer.from("x")],
    ["a form", () => new Blob(["x"])],
  ])("of %s", async (kind, body) => {
    const files = filesOf(bucket);

    expect((await files.upload(`${kind}/1`, body(), { metadata: staff })).error).toBeNull();
    expect((await files.upload(`${kind}/2`, body())).error).toMatchObject(refused);
  });

  test("of a form, wherever in it the metadata stands", async () => {
    const form = new FormData();
    form.append("file", new Blob(["x"]));
    form.append("metadata", JSON.stringify(staff));
    const url = `${stack.apiUrl}/storage/v1/object/${bucket.id}/late`;
    const headers = { authorization: `Bearer ${owner.accessToken}` };

    expect((await fetch(url, { method: "POST", headers, body: form })).status).toBe(200);
  });

  test("of a resumable upload", async () => {
    const body = Buffer.from("x");

    await resumable(bucket, { metadata: JSON.stringify(staff) }, body);
    expect(await refusal(resumable(bucket, {}, body))).toMatchObject({ status: 403 });
  });

  test("of a signed upload, given when the link is made", async () => {
    const url = `${stack.apiUrl}/storage/v1/object/upload/sign/${bucket.id}/signed`;
    const authorization = `Bearer ${owner.accessToken}`;
    const metadata = Buffer.from(JSON.stringify(staff)).toString("base64");
    const sign = (headers: Record<string, string>) =>
      fetch(url, { method: "POST", headers: { authorization, ...headers } });

    expect((await sign({ "x-metadata": metadata })).status).toBe(200);
    expect(await (await sign({})).json()).toMatchObject(refused);
  });

  test("of a copy", async () => {
    await bucket.files.upload("plain", Buffer.from("x"));
    await bucket.files.upload("staff", Buffer.from("x"), { metadata: staff });

    expect((await filesOf(bucket).copy("staff", "staff 2")).error).toBeNull();
    expect((await filesOf(bucket).copy("plain", "plain 2")).error).toMatchObject(refused);
  });
});

test("the type", async () => {
  const bucket = await bucketWith("metadata ->> 'mimetype' like 'image/%'");
  const files = filesOf(bucket);
  const body = Buffer.from("x");

  expect((await files.upload("1", body, { contentType: "image/png" })).error).toBeNull();
  const text = await files.upload("2", body, { contentType: "text/plain" });
  expect(text.error).toMatchObject(refused);
  const form = await files.upload("3", new Blob(["x"], { type: "text/plain" }));
  expect(form.error).toMatchObject(refused);
  await resumable(bucket, { contentType: "image/png" }, body);
  const { status } = await refusal(resumable(bucket, { contentType: "text/plain" }, body));
  expect(status).toBe(403);
});

test("the announced length, under hosted's name for it: there is no size yet", async () => {
  const bucket = await bucketWith("(metadata ->> 'contentLength')::int <= 100");
  const never = await bucketWith("(metadata ->> 'size')::int >= 0");
  const [small, large] = [Buffer.alloc(100), Buffer.alloc(101)];

  expect((await filesOf(bucket).upload("1", small)).error).toBeNull();
  expect((await filesOf(bucket).upload("2", large)).error).toMatchObject(refused);
  await resumable(bucket, {}, small);
  expect(await refusal(resumable(bucket, {}, large))).toMatchObject({ status: 403 });
  expect((await filesOf(never).upload("3", small)).error).toMatchObject(refused);
});

test("the operation: what may be listed need not be readable", async () => {
  const bucket = await bucketWith("storage.allow_only_operation('object.list')", "select");
  await bucket.files.upload("a", Buffer.from("x"));
  const files = filesOf(bucket);

  expect((await files.list()).data).toMatchObject([{ name: "a" }]);
  expect((await files.download("a")).error).toMatchObject({ message: "Object not found" });
  expect((await files.createSignedUrl("a", 60)).error).toMatchObject({ statusCode: "404" });
});

test("the request: its method, path and headers", async () => {
  const bucket = await bucketWith(
    `current_setting('request.method') = 'POST'
     and current_setting('request.path') like '/object/%/greeting'
     and current_setting('request.headers')::jsonb ->> 'x-upsert' = 'false'`,
  );
  const files = filesOf(bucket);

  expect((await files.upload("greeting", Buffer.from("x"))).error).toBeNull();
  expect((await files.upload("other", Buffer.from("x"))).error).toMatchObject(refused);
});

test("one object that may not be removed says so, as one that is not there does", async () => {
  const bucket = await bucketWith("true", "select");
  await bucket.files.upload("kept", Buffer.from("x"));
  const remove = async (name: string) => {
    const url = `${stack.apiUrl}/storage/v1/object/${bucket.id}/${name}`;
    const authorization = `Bearer ${owner.accessToken}`;
    return (await fetch(url, { method: "DELETE", headers: { authorization } })).json();
  };

  expect(await remove("kept")).toMatchObject({ statusCode: "403", message: "Access denied" });
  expect(await remove("nothing")).toMatchObject({ statusCode: "404" });
});
