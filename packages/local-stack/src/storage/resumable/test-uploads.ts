import type { Readable } from "node:stream";
import type { TestStack, TestUser } from "@sideline/proving-ground/testing";
import { type DetailedError, Upload, type UploadOptions } from "tus-js-client";
import { expect } from "vitest";
import type { TestBucket } from "../test-bucket.ts";

export const chunkSize = 6 * 1024 * 1024;

/**
 * Resumable uploads of a test's user into its bucket: `tusUpload` as a client does them that
 * follows the hosted documentation, `begin` and `send` request by request.
 */
export function testUploads(
  stack: TestStack,
  place: () => { bucket: TestBucket; owner: TestUser },
) {
  const endpoint = `${stack.apiUrl}/storage/v1/upload/resumable`;

  const authorization = (user: TestUser) => ({
    apikey: stack.publishableKey,
    authorization: `Bearer ${user.accessToken}`,
  });

  function tusUpload(name: string, body: Buffer | Readable, options: Partial<UploadOptions> = {}) {
    const { bucket, owner } = place();
    let upload: Upload;
    const done = new Promise<void>((resolve, reject) => {
      upload = new Upload(body, {
        endpoint,
        chunkSize,
        retryDelays: null,
        headers: authorization(owner),
        uploadDataDuringCreation: true,
        metadata: { bucketName: bucket.id, objectName: name, contentType: "video/mp4" },
        ...options,
        onSuccess: () => resolve(),
        onError: reject,
      });
      upload.start();
    });
    return { done, abort: () => upload.abort(), url: () => upload.url ?? "" };
  }

  /** Begins an upload and returns its address. */
  async function begin(name: string, length: number) {
    const { bucket, owner } = place();
    const metadata = { bucketName: bucket.id, objectName: name, contentType: "video/mp4" };
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        ...authorization(owner),
        "tus-resumable": "1.0.0",
        "upload-length": String(length),
        "upload-metadata": encodeMetadata(metadata),
      },
    });
    expect(response.status).toBe(201);
    return response.headers.get("location") ?? "";
  }

  function send(method: string, url: string, user: TestUser, offset = 0, body?: Buffer) {
    const headers = { ...authorization(user), "tus-resumable": "1.0.0" };
    if (body === undefined) return fetch(url, { method, headers });
    const type = "application/offset+octet-stream";
    const patch = { "content-type": type, "upload-offset": String(offset) };
    return fetch(url, { method, headers: { ...headers, ...patch }, body: new Uint8Array(body) });
  }

  async function bytesOf(name: string): Promise<Buffer> {
    const { data, error } = await place().bucket.files.download(name);
    if (error) throw error;
    return Buffer.from(await data.arrayBuffer());
  }

  return { endpoint, authorization, tusUpload, begin, send, bytesOf };
}

/** `Upload-Metadata` as the protocol wants it. */
export function encodeMetadata(metadata: Record<string, string>): string {
  return Object.entries(metadata)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`)
    .join(",");
}

/** What an upload that must fail was answered; status 0 where it did not fail. */
export async function refusal(done: Promise<void>): Promise<{ status: number; body: string }> {
  const error = await done.then(
    () => undefined,
    (reason: DetailedError) => reason,
  );
  return {
    status: error?.originalResponse?.getStatus() ?? 0,
    body: error?.originalResponse?.getBody() ?? "",
  };
}
