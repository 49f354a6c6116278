import { createAnonymousClient, createUser } from "@sideline/proving-ground/testing";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestBucket, type TestBucket } from "./test-bucket.ts";
import { createTokens } from "./tokens.ts";

const stack = inject("stack");
let bucket: TestBucket;

beforeAll(async () => {
  bucket = await createTestBucket(stack);
  await bucket.files.upload("a b/take 1.mp4", Buffer.from("0123456789"));
  await bucket.files.upload("other.mp4", Buffer.from("other"));
});
afterAll(() => bucket.drop());

async function sign(path: string, seconds = 60): Promise<URL> {
  const { data, error } = await bucket.files.createSignedUrl(path, seconds);
  if (error) throw error;
  return new URL(data.signedUrl);
}

describe("a signed link", () => {
  test("opens its object to anybody, ranges and file name included", async () => {
    const options = { download: "take.mp4" };
    const { data } = await bucket.files.createSignedUrl("a b/take 1.mp4", 60, options);

    const response = await fetch(data?.signedUrl ?? "", { headers: { range: "bytes=3-5" } });

    expect(response.status).toBe(206);
    expect(await response.text()).toBe("345");
    expect(response.headers.get("content-disposition")).toContain("filename=take.mp4");
    expect(response.headers.get("expires")).toContain("GMT");
  });

  test("opens no other object", async () => {
    const url = await sign("other.mp4");
    url.pathname = url.pathname.replace("other.mp4", "a%20b/take%201.mp4");

    const response = await fetch(url);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ statusCode: "400", error: "InvalidSignature" });
  });

  test("that was tampered with or signed by somebody else is refused", async () => {
    const tampered = await sign("other.mp4");
    const token = tampered.searchParams.get("token") ?? "";
    tampered.searchParams.set("token", `${token.slice(0, -6)}AAAAAA`);
    const forged = await sign("other.mp4");
    const url = `${bucket.id}/other.mp4`;
    forged.searchParams.set("token", await createTokens("somebody else").signDownload(url, 60));

    // With the bare secret, as access tokens are; and a link for writing.
    const accessToken = await new SignJWT({ url, aud: "storage:download" })
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime("1h")
      .sign(new TextEncoder().encode(stack.jwtSecret));
    const { data } = await bucket.files.createSignedUploadUrl("other.mp4", { upsert: true });
    const others = [accessToken, data?.token ?? "", "nonsense"].map((token) =>
      Object.assign(new URL(forged), { search: `?${new URLSearchParams({ token })}` }),
    );

    for (const link of [tampered, forged, ...others]) {
      const response = await fetch(link);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: "InvalidJWT" });
    }
  });

  test("ends with its time", async () => {
    const url = await sign("other.mp4", 1);
    expect((await fetch(url)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 2100));

    const response = await fetch(url);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: "InvalidJWT" });
  });

  test("is not made for what the signer cannot see", async () => {
    const { client } = await createUser(stack, "stranger");

    const one = await client.storage.from(bucket.id).createSignedUrl("other.mp4", 60);
    const many = await client.storage.from(bucket.id).createSignedUrls(["other.mp4"], 60);

    expect(one.error).toMatchObject({ statusCode: "404", message: "Object not found" });
    expect(many.data?.[0]).toMatchObject({ signedURL: null, error: expect.any(String) });
  });

  test("many are made at once, in the order asked for", async () => {
    const paths = ["other.mp4", "missing.mp4", "a b/take 1.mp4"];

    const { data } = await bucket.files.createSignedUrls(paths, 60);

    expect(data?.map((link) => link.path)).toEqual(paths);
    expect(data?.map((link) => link.error === null)).toEqual([true, false, true]);
    expect(await (await fetch(data?.[2]?.signedUrl ?? "")).text()).toBe("0123456789");
  });
});

describe("a signed upload link", () => {
  test("lets its holder write the one object, once, for the signer", async () => {
    const owner = await createUser(stack, "owner");
    const path = `${owner.userId}/by-link.mp4`;
    const files = owner.client.storage.from(bucket.id);
    const { data: link } = await files.createSignedUploadUrl(path);
    const holder = createAnonymousClient(stack).storage.from(bucket.id);

    const first = await holder.uploadToSignedUrl(path, link?.token ?? "", Buffer.from("mine"));
    const second = await holder.uploadToSignedUrl(path, link?.token ?? "", Buffer.from("again"));

    expect(first.data).toMatchObject({ path, fullPath: `${bucket.id}/${path}` });
    expect(second.error).toMatchObject({ statusCode: "409" });
    const { data } = await bucket.files.download(path);
    expect(await data?.text()).toBe("mine");
    const [removed] = (await bucket.files.remove([path])).data ?? [];
    expect(removed).toMatchObject({ owner_id: owner.userId });
  });

  test("overwrites only where it was made to", async () => {
    await bucket.files.upload("replace.mp4", Buffer.from("old"));
    const { data: link } = await bucket.files.createSignedUploadUrl("replace.mp4", {
      upsert: true,
    });

    const blob = new Blob(["new"], { type: "video/mp4" });
    const { error } = await bucket.files.uploadToSignedUrl("replace.mp4", link?.token ?? "", blob);

    expect(error).toBeNull();
    expect(await (await bucket.files.download("replace.mp4")).data?.text()).toBe("new");
  });

  test("is not made for a folder the signer may not write to", async () => {
    const { client } = await createUser(stack, "stranger");

    const { error } = await client.storage.from(bucket.id).createSignedUploadUrl("theirs/x.mp4");

    expect(error).toMatchObject({ statusCode: "403" });
  });

  test("writes no other object, and a link for reading writes none at all", async () => {
    const { data: link } = await bucket.files.createSignedUploadUrl("one.mp4");
    const reading = (await sign("other.mp4")).searchParams.get("token") ?? "";
    const body = Buffer.from("x");

    const elsewhere = await bucket.files.uploadToSignedUrl("two.mp4", link?.token ?? "", body);
    const readOnly = await bucket.files.uploadToSignedUrl("other.mp4", reading, body);

    expect(elsewhere.error).toMatchObject({ code: "InvalidSignature" });
    expect(readOnly.error).toMatchObject({ code: "InvalidJWT" });
  });
});
