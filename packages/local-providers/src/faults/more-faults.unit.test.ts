import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type LocalProviders, startLocalProviders } from "../server.ts";
import { SAMPLE } from "../test-clips.ts";
import { KEY, startUpload } from "../test-upload.ts";

let providers: LocalProviders;
let sample: Buffer<ArrayBuffer>;
beforeAll(async () => {
  providers = await startLocalProviders();
  sample = await readFile(SAMPLE);
});
afterEach(() => fetch(`${providers.url}/_faults`, { method: "DELETE" }));
afterAll(() => providers.stop());

const inject = (fault: object) =>
  fetch(`${providers.url}/_faults`, { method: "POST", body: JSON.stringify(fault) });

const speak = () =>
  fetch(`${providers.url}/v1/text:synthesize`, {
    method: "POST",
    headers: KEY,
    redirect: "manual",
    body: JSON.stringify({
      input: { text: "hello" },
      voice: { languageCode: "en-US" },
      audioConfig: { audioEncoding: "LINEAR16" },
    }),
  });

async function uploaded(): Promise<{ name: string; state: string; uri: string }> {
  const address = await startUpload(providers.url, sample.length);
  const response = await fetch(address, {
    method: "POST",
    headers: { "x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "0" },
    body: sample,
  });
  return (await response.json()).file;
}
const look = async (uri: string) => await (await fetch(uri, { headers: KEY })).json();

test("an answer is cut off in the middle", async () => {
  await inject({ match: "tts", kind: "cut" });

  const response = await speak();

  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
});

test("an answer never ends, until its reader goes away", async () => {
  await inject({ match: "tts", kind: "endless" });

  const response = await speak();
  const reader = response.body?.getReader();
  let bytes = 0;
  while (bytes < 20 * 1024 * 1024) bytes += (await reader?.read())?.value?.length ?? Number.NaN;
  await reader?.cancel();

  expect(bytes).toBeGreaterThanOrEqual(20 * 1024 * 1024);
  expect((await speak()).ok).toBe(true);
});

test("an answer sends its reader elsewhere", async () => {
  await inject({ match: "tts", kind: "redirect", location: "http://elsewhere.test/x" });

  const response = await speak();

  expect(response.status).toBe(307);
  expect(response.headers.get("location")).toBe("http://elsewhere.test/x");
});

test("speech comes in another format, or is no sound at all", async () => {
  await inject({ match: "tts", kind: "wrong_audio" });
  await inject({ match: "tts", kind: "text", text: "no sound" });
  const heard = async () => Buffer.from((await (await speak()).json()).audioContent, "base64");

  expect((await heard()).subarray(0, 4).toString()).toBe("OggS");
  expect((await heard()).toString()).toBe("no sound");
});

test("a file becomes FAILED, whatever it is", async () => {
  await inject({ match: "files", kind: "file_failed", message: "No." });

  const { uri } = await uploaded();

  expect(await look(uri)).toMatchObject({ state: "FAILED", error: { message: "No." } });
  expect(await look(uri)).toMatchObject({ state: "FAILED" });
  const next = await uploaded();
  expect((await look(next.uri)).state).not.toBe("FAILED");
});

test("a file is PROCESSING for so many looks, and cannot be used meanwhile", async () => {
  await inject({ match: "upload", kind: "file_processing", looks: 4 });
  const { uri } = await uploaded();
  const ask = () =>
    fetch(`${providers.url}/v1beta/models/m:generateContent`, {
      method: "POST",
      headers: KEY,
      body: JSON.stringify({
        contents: [{ parts: [{ fileData: { mimeType: "video/mp4", fileUri: uri } }] }],
      }),
    });
  const states = [];
  for (let count = 0; count < 4; count++) states.push((await look(uri)).state);
  expect(states).toEqual(Array(4).fill("PROCESSING"));

  await expect.poll(async () => (await look(uri)).state, { timeout: 25_000 }).toBe("ACTIVE");
  expect((await ask()).status).toBe(200);

  await inject({ match: "upload", kind: "file_processing", seconds: 240 });
  const slow = await uploaded();
  expect((await look(slow.uri)).state).toBe("PROCESSING");
  const asked = await fetch(`${providers.url}/v1beta/models/m:generateContent`, {
    method: "POST",
    headers: KEY,
    body: JSON.stringify({ contents: [{ parts: [{ fileData: { fileUri: slow.uri } }] }] }),
  });
  expect(await asked.json()).toMatchObject({ error: { status: "FAILED_PRECONDITION" } });
});

test("the log keeps what a client says of itself and its upload, and no key", async () => {
  await fetch(`${providers.url}/_requests`, { method: "DELETE" });
  await uploaded();
  await fetch(`${providers.url}/v1beta/files?key=sk-secret-1`, {
    headers: { "x-goog-api-key": "sk-secret-2", authorization: "Bearer sk-secret-3" },
  });

  const text = await (await fetch(`${providers.url}/_requests`)).text();

  expect(text).not.toContain("sk-secret");
  expect(JSON.parse(text).requests[0]).toMatchObject({
    operation: "upload",
    headers: { "x-goog-upload-header-content-type": "video/mp4" },
  });
});

test("the log is bounded", async () => {
  for (let count = 0; count < 520; count++) {
    await fetch(`${providers.url}/v1beta/models`, { headers: KEY });
  }

  const { requests } = await (await fetch(`${providers.url}/_requests`)).json();

  expect(requests).toHaveLength(500);
});
