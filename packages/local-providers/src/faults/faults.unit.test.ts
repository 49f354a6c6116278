import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type LocalProviders, startLocalProviders } from "../server.ts";
import { KEY } from "../test-upload.ts";

let providers: LocalProviders;
beforeAll(async () => {
  providers = await startLocalProviders();
});
afterEach(() => fetch(`${providers.url}/_faults`, { method: "DELETE" }));
afterAll(() => providers.stop());

const inject = (...faults: object[]) =>
  fetch(`${providers.url}/_faults`, { method: "POST", body: JSON.stringify(faults) });

const askSsml = (signal?: AbortSignal) =>
  fetch(`${providers.url}/v1beta/models/m:generateContent`, {
    method: "POST",
    headers: KEY,
    body: JSON.stringify({
      contents: [{ parts: [{ text: JSON.stringify({ task: "ssml", message: "Well done." }) }] }],
    }),
    ...(signal && { signal }),
  });

const speak = () =>
  fetch(`${providers.url}/v1/text:synthesize`, {
    method: "POST",
    headers: KEY,
    body: JSON.stringify({
      input: { text: "hello" },
      voice: { languageCode: "en-US" },
      audioConfig: { audioEncoding: "LINEAR16" },
    }),
  });

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

    const statuses = [await speak(), await speak(), await speak()].map(({ status }) => status);

    expect(statuses).toEqual([200, 500, 200]);
  });

  it("spoils a model's reply in each way", async () => {
    await inject(
      { match: "generateContent", kind: "malformed" },
      { match: "generateContent", kind: "truncated" },
      { match: "generateContent", kind: "blocked" },
      { match: "generateContent", kind: "blocked", finishReason: "SAFETY" },
      { match: "generateContent", kind: "invalid_ssml" },
      { match: "generateContent", kind: "text", text: '{"ssml":"<speak/>"}' },
    );

    const replies = [];
    for (let count = 0; count < 6; count++) replies.push(await (await askSsml()).json());
    const [malformed, truncated, blocked, stopped, invalid, text] = replies;
    const textOf = (reply: typeof malformed) => reply.candidates[0].content.parts[0].text;

    expect(() => JSON.parse(textOf(malformed))).toThrow();
    expect(truncated.candidates[0].finishReason).toBe("MAX_TOKENS");
    expect(() => JSON.parse(textOf(truncated))).toThrow();
    expect(blocked).toMatchObject({ promptFeedback: { blockReason: "PROHIBITED_CONTENT" } });
    expect(blocked.candidates).toBeUndefined();
    expect(stopped.candidates[0]).toEqual({ finishReason: "SAFETY", index: 0 });
    expect(textOf(invalid)).toContain("</speak>");
    expect(textOf(text)).toBe('{"ssml":"<speak/>"}');
  });

  it("makes speech silent, of the same length", async () => {
    const loud = Buffer.from((await (await speak()).json()).audioContent, "base64");
    await inject({ match: "tts", kind: "silent" });

    const silent = Buffer.from((await (await speak()).json()).audioContent, "base64");

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
    expect((await speak()).status).toBe(500);
    expect((await speak()).status).toBe(500);

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
