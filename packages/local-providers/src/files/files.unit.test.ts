import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type LocalProviders, startLocalProviders } from "../server.ts";
import { firstPart, SAMPLE } from "../test-clips.ts";
import { KEY, startUpload, uploadVideo } from "../test-upload.ts";

let providers: LocalProviders;
let sample: Buffer<ArrayBuffer>;
beforeAll(async () => {
  providers = await startLocalProviders();
  sample = await readFile(SAMPLE);
});
afterAll(() => providers.stop());

const send = (address: string, command: string, offset?: number, body?: Uint8Array<ArrayBuffer>) =>
  fetch(address, {
    method: "POST",
    headers: {
      "x-goog-upload-command": command,
      ...(offset === undefined ? {} : { "x-goog-upload-offset": `${offset}` }),
    },
    ...(body && { body }),
  });

async function received(address: string): Promise<number> {
  const response = await send(address, "query");
  return Number(response.headers.get("x-goog-upload-size-received"));
}

describe("resumable upload", () => {
  it("takes a video in chunks and measures it", async () => {
    const address = await startUpload(providers.url, sample.length);
    const half = Math.floor(sample.length / 2);

    const first = await send(address, "upload", 0, sample.subarray(0, half));
    const asked = await send(address, "query");
    const last = await send(address, "upload, finalize", half, sample.subarray(half));

    expect(first.headers.get("x-goog-upload-status")).toBe("active");
    expect(asked.headers.get("x-goog-upload-size-received")).toBe(`${half}`);
    expect(last.headers.get("x-goog-upload-status")).toBe("final");
    const { file } = await last.json();
    expect(file).toMatchObject({
      state: "PROCESSING",
      displayName: "clip.mp4",
      mimeType: "video/mp4",
      sizeBytes: `${sample.length}`,
      uri: `${providers.url}/v1beta/${file.name}`,
    });
    const hash = createHash("sha256").update(sample).digest("hex");
    expect(Buffer.from(file.sha256Hash, "base64").toString()).toBe(hash);
  });

  it("becomes ACTIVE with the measured duration, and can be listed and deleted", async () => {
    const file = await uploadVideo(providers.url, sample);

    expect(file).toMatchObject({ state: "ACTIVE", videoMetadata: { videoDuration: "20s" } });
    const list = await (await fetch(`${providers.url}/v1beta/files`, { headers: KEY })).json();
    expect(list.files.map((listed: { name: string }) => listed.name)).toContain(file.name);
    const gone = await fetch(file.uri, { method: "DELETE", headers: KEY });
    expect(await gone.json()).toEqual({});
    expect((await fetch(file.uri, { headers: KEY })).status).toBe(403);
  });

  it("refuses a chunk at the wrong offset and keeps what it has", async () => {
    const address = await startUpload(providers.url, 100);
    await send(address, "upload", 0, new Uint8Array(40));

    const wrong = await send(address, "upload", 60, new Uint8Array(40));

    expect(wrong.status).toBe(400);
    expect((await wrong.json()).error.message).toContain("40 bytes were received");
    expect((await send(address, "query")).headers.get("x-goog-upload-size-received")).toBe("40");
  });

  it("keeps what arrived of a chunk that broke off, and takes the rest", async () => {
    const address = await startUpload(providers.url, sample.length);
    const broken = request(address, {
      method: "POST",
      headers: {
        "x-goog-upload-command": "upload",
        "x-goog-upload-offset": "0",
        "content-length": sample.length,
      },
    });
    broken.on("error", () => {});
    broken.write(sample.subarray(0, 50_000));
    await vi.waitFor(async () => expect(await received(address)).toBe(50_000));

    broken.destroy();
    const rest = await vi.waitFor(async () => {
      const response = await send(address, "upload, finalize", 50_000, sample.subarray(50_000));
      expect(response.status).toBe(200);
      return response;
    });

    const { file } = await rest.json();
    const hash = createHash("sha256").update(sample).digest("hex");
    expect(Buffer.from(file.sha256Hash, "base64").toString()).toBe(hash);
  });

  it("refuses to finish with fewer bytes than announced, or to take more", async () => {
    const address = await startUpload(providers.url, 100);

    const short = await send(address, "upload, finalize", 0, new Uint8Array(40));
    const long = await send(address, "upload", 40, new Uint8Array(80));

    expect(short.status).toBe(400);
    expect(long.status).toBe(400);
  });

  it("gives the same file to a client that lost the last answer", async () => {
    const address = await startUpload(providers.url, sample.length);
    const first = await (await send(address, "upload, finalize", 0, sample)).json();

    const asked = await send(address, "query");
    const again = await send(address, "upload, finalize", sample.length, new Uint8Array());

    expect(asked.headers.get("x-goog-upload-size-received")).toBe(`${sample.length}`);
    expect((await again.json()).file.name).toBe(first.file.name);
  });

  it("serves v1 as well", async () => {
    const address = await startUpload(providers.url, sample.length, "v1");

    const { file } = await (await send(address, "upload, finalize", 0, sample)).json();

    expect(file.uri).toBe(`${providers.url}/v1/${file.name}`);
    expect((await fetch(file.uri, { headers: KEY })).status).toBe(200);
  });
});

describe("files that cannot be read", () => {
  it.each([
    ["text", async () => Buffer.from("not a video at all ".repeat(50)), /not a video/],
    ["a truncated video", () => firstPart("quicktime.mov", 0.6), /truncated/],
  ])("%s becomes FAILED with one sentence", async (_name, bytes, message) => {
    const file = await uploadVideo(providers.url, Uint8Array.from(await bytes()));

    expect(file).toMatchObject({ state: "FAILED", error: { code: 3 } });
    expect(JSON.stringify(file.error)).toMatch(message);
  });
});

describe("keys", () => {
  it("refuses a missing key with 403 and a wrong one with API_KEY_INVALID", async () => {
    const missing = await fetch(`${providers.url}/v1beta/files`);
    const wrong = await fetch(`${providers.url}/v1beta/files`, {
      headers: { "x-goog-api-key": "invalid" },
    });

    expect(missing.status).toBe(403);
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({
      error: { code: 400, status: "INVALID_ARGUMENT", details: [{ reason: "API_KEY_INVALID" }] },
    });
  });
});

it("forgets files when their time is over", async () => {
  const short = await startLocalProviders({ lifetimeMs: 50 });
  const address = await startUpload(short.url, sample.length);
  const { file } = await (await send(address, "upload, finalize", 0, sample)).json();

  await new Promise((done) => setTimeout(done, 60));

  expect((await fetch(file.uri, { headers: KEY })).status).toBe(403);
  await short.stop();
});

it("deletes what was uploaded when it stops", async () => {
  const directory = await mkdtemp(join(tmpdir(), "sideline-test-"));
  const short = await startLocalProviders({ directory });
  await uploadVideo(short.url, sample);
  await startUpload(short.url, 100);
  expect(await readdir(directory)).toHaveLength(1);

  await short.stop();

  expect(await readdir(directory)).toEqual([]);
  await rm(directory, { recursive: true });
});

it("removes what a killed process left, and nothing of a living one", async () => {
  const directory = await mkdtemp(join(tmpdir(), "sideline-test-"));
  const { pid: deadPid } = spawnSync(process.execPath, ["--version"]);
  const left = `sideline-providers-${deadPid}-abc`;
  const living = `sideline-providers-${process.ppid}-abc`;
  for (const name of [left, living]) await mkdir(join(directory, name));

  const short = await startLocalProviders({ directory });
  await short.stop();

  expect(await readdir(directory)).toEqual([living]);
  await rm(directory, { recursive: true });
});
