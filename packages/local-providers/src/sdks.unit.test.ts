import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type LocalProviders, startLocalProviders } from "./server.ts";
import { SAMPLE } from "./test-clips.ts";
import { olderSdk, presentSdk, type Sdk } from "./test-sdks.ts";

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

async function activeVideo(sdk: Sdk) {
  const file = await sdk.upload(sample);
  await expect.poll(() => sdk.state(file), { timeout: 25_000 }).toBe("ACTIVE");
  return { fileData: { mimeType: "video/mp4", fileUri: await sdk.uri(file) } };
}
const ssmlTask = { text: JSON.stringify({ task: "ssml", message: "Well done." }) };
const analysisTask = { text: JSON.stringify({ task: "analysis", language: "en-US" }) };
const thrownBy = (work: Promise<unknown>): Promise<Error & { status?: number }> =>
  work.then(
    () => new Error("nothing was thrown"),
    (error: Error) => error,
  );

describe.each([
  ["@google/generative-ai", olderSdk],
  ["@google/genai", presentSdk],
])("%s, unmodified", (_name, connect) => {
  const sdk = (apiKey = "offline") => connect(providers.url, apiKey);

  test("uploads a video, waits for it, asks about it, and deletes it", async () => {
    await fetch(`${providers.url}/_requests`, { method: "DELETE" });
    const file = await sdk().upload(sample);
    expect(["PROCESSING", "ACTIVE"]).toContain(await sdk().state(file));
    await expect.poll(() => sdk().state(file), { timeout: 25_000 }).toBe("ACTIVE");
    const fileData = { mimeType: "video/mp4", fileUri: await sdk().uri(file) };

    const answer = await sdk().generate([{ fileData }, analysisTask]);

    expect(answer).toMatchObject({ finishReason: "STOP", tokens: expect.any(Number) });
    expect(JSON.parse(answer.text ?? "").title).toBe("2 bursts of movement");
    const { requests } = await (await fetch(`${providers.url}/_requests`)).json();
    const arrived = requests.find((one: { file?: object }) => one.file !== undefined);
    const sha256 = createHash("sha256").update(sample).digest("hex");
    expect(arrived.file).toEqual({ name: file, bytes: sample.length, sha256 });
    expect(await sdk().names()).toContain(file);
    await sdk().delete(file);
    expect(await sdk().names()).not.toContain(file);
  });

  test("reads an answer as it streams", async () => {
    const pieces = await sdk().stream([ssmlTask]);

    expect(pieces.length).toBeGreaterThan(1);
    expect(JSON.parse(pieces.join("")).ssml).toContain("Well done.");
  });

  test.each([
    [{ status: 400 }, 400, /argument/],
    [{ status: 429, retryDelay: "19.4s" }, 429, /quota|RetryInfo|RESOURCE_EXHAUSTED/],
    [{ status: 503 }, 503, /overloaded/],
  ])("throws what the service says: %j", async (fault, status, words) => {
    await inject({ match: "generateContent", times: null, ...fault });

    const error = await thrownBy(sdk().generate([ssmlTask]));

    expect(error.status).toBe(status);
    expect(error.message).toMatch(words);
  });

  test("throws for a wrong key, and for a type of video that Gemini does not take", async () => {
    const wrongKey = await thrownBy(sdk("invalid").generate([ssmlTask]));
    const { fileData } = await activeVideo(sdk());
    const matroska = { fileData: { ...fileData, mimeType: "video/x-matroska" } };
    const wrongType = await thrownBy(sdk().generate([matroska, analysisTask]));

    expect([wrongKey.status, wrongType.status]).toEqual([400, 400]);
    expect(wrongKey.message).toContain("API key not valid");
    expect(wrongType.message).toContain("Unsupported MIME type: video/x-matroska");
  });

  test("tells why an answer ended early, or never began", async () => {
    await inject(
      { match: "generateContent", kind: "truncated" },
      { match: "generateContent", kind: "blocked", finishReason: "SAFETY" },
      { match: "generateContent", kind: "blocked", finishReason: "RECITATION" },
      { match: "generateContent", kind: "blocked" },
    );
    const answers = [];
    for (let count = 0; count < 4; count++) answers.push(await sdk().generate([ssmlTask]));

    expect(answers.map(({ finishReason, blockReason }) => finishReason ?? blockReason)).toEqual([
      "MAX_TOKENS",
      "SAFETY",
      "RECITATION",
      "PROHIBITED_CONTENT",
    ]);
  });

  test("sees a file that fails, and one that takes its time", async () => {
    await inject(
      { match: "files", kind: "file_failed" },
      { match: "files", kind: "file_processing", seconds: 240 },
    );

    const [failed, slow] = [await sdk().upload(sample), await sdk().upload(sample)];

    expect([await sdk().state(failed), await sdk().state(slow)]).toEqual(["FAILED", "PROCESSING"]);
  });
});
