import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from "vitest";
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

const inject = (...faults: object[]) =>
  fetch(`${providers.url}/_faults`, { method: "POST", body: JSON.stringify(faults) });

const ask = (part: object, signal?: AbortSignal) =>
  fetch(`${providers.url}/v1beta/models/m:generateContent`, {
    method: "POST",
    headers: KEY,
    body: JSON.stringify({ contents: [{ parts: [part] }] }),
    ...(signal && { signal }),
  });
const askSsml = (signal?: AbortSignal) =>
  ask({ text: JSON.stringify({ task: "ssml", message: "Well done." }) }, signal);

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

const heard = async () => Buffer.from((await (await speak()).json()).audioContent, "base64");
const statuses = async (ask: () => Promise<Response>, times: number) => {
  const seen = [];
  for (let count = 0; count < times; count++) seen.push((await ask()).status);
  return seen;
};

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

describe("faults", () => {
  it("answers 429 with a delay, as often as told and to whom it was told", async () => {
    await inject({ match: "ssml", status: 429, retryDelay: "2s", quota: "PerDay", times: 2 });

    const first = await askSsml();
    const others = [await speak(), await askSsml(), await askSsml()];

    expect(first.status).toBe(429);
    expect(others.map(({ status }) => status)).toEqual([200, 429, 200]);
    const { error } = await first.json();
    expect(error.status).toBe("RESOURCE_EXHAUSTED");
    expect(JSON.stringify(error.details)).toContain('"retryDelay":"2s"');
    expect(JSON.stringify(error.details)).toContain("PerDay");
  });

  it("lets requests pass before it begins", async () => {
    await inject({ match: "tts", status: 500, after: 1 });

    expect(await statuses(speak, 3)).toEqual([200, 500, 200]);
  });

  it("spoils a model's reply in other ways than the SDKs' tests tell", async () => {
    await inject(
      { match: "generateContent", kind: "malformed" },
      { match: "generateContent", kind: "invalid_ssml" },
      { match: "generateContent", kind: "text", text: '{"ssml":"<speak/>"}' },
    );

    const replies = [];
    for (let count = 0; count < 3; count++) replies.push(await (await askSsml()).json());
    const [malformed, invalid, text] = replies;
    const textOf = (reply: typeof malformed) => reply.candidates[0].content.parts[0].text;

    expect(() => JSON.parse(textOf(malformed))).toThrow();
    expect(textOf(invalid)).toContain("</speak>");
    expect(textOf(text)).toBe('{"ssml":"<speak/>"}');
  });

  it("makes speech silent, of the same length", async () => {
    const loud = await heard();
    await inject({ match: "tts", kind: "silent" });

    const silent = await heard();

    expect(silent.length).toBeGreaterThan(1000);
    expect(silent.subarray(0, 4).toString()).toBe("RIFF");
    expect(silent.subarray(44).every((byte) => byte === 0)).toBe(true);
    expect(loud.subarray(44).every((byte) => byte === 0)).toBe(false);
  });

  it("drops a connection, hangs, and is slow", async () => {
    await inject(
      { match: "ssml", kind: "drop" },
      { match: "ssml", kind: "hang" },
      { match: "ssml", kind: "slow", delayMs: 150 },
    );

    await expect(askSsml()).rejects.toThrow();
    await expect(askSsml(AbortSignal.timeout(200))).rejects.toThrow();
    const begin = performance.now();
    expect((await askSsml()).status).toBe(200);
    expect(performance.now() - begin).toBeGreaterThan(140);
  });

  it("is gone after DELETE", async () => {
    await inject({ match: "any", status: 500, times: null });
    expect(await statuses(speak, 2)).toEqual([500, 500]);

    await fetch(`${providers.url}/_faults`, { method: "DELETE" });

    expect((await speak()).status).toBe(200);
  });

  it("refuses a fault it does not know", async () => {
    const response = await inject({ match: "tts", kind: "explode" });

    expect(response.status).toBe(400);
  });
});

it("stops although a request hangs", async () => {
  const other = await startLocalProviders();
  await fetch(`${other.url}/_faults`, {
    method: "POST",
    body: JSON.stringify({ match: "files", kind: "hang" }),
  });
  const hanging = fetch(`${other.url}/v1beta/files`, { headers: KEY }).catch(() => "ended");
  await new Promise((done) => setTimeout(done, 50));

  await other.stop();

  await hanging;
});

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
  const states = [];
  for (let count = 0; count < 4; count++) states.push((await look(uri)).state);
  expect(states).toEqual(Array(4).fill("PROCESSING"));

  await expect.poll(async () => (await look(uri)).state, { timeout: 25_000 }).toBe("ACTIVE");
  const asked = await ask({ fileData: { mimeType: "video/mp4", fileUri: uri } });
  expect(asked.status).toBe(200);

  await inject({ match: "upload", kind: "file_processing", seconds: 240 });
  const slow = await uploaded();
  expect((await look(slow.uri)).state).toBe("PROCESSING");
  const early = await ask({ fileData: { fileUri: slow.uri } });
  expect(await early.json()).toMatchObject({ error: { status: "FAILED_PRECONDITION" } });
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
  const asked = Array.from({ length: 520 }, () => `${providers.url}/v1beta/models`);
  await Promise.all(asked.map(async (url) => (await fetch(url, { headers: KEY })).arrayBuffer()));

  const { requests } = await (await fetch(`${providers.url}/_requests`)).json();

  expect(requests).toHaveLength(500);
});
