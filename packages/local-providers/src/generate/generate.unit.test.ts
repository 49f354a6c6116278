import { readFile } from "node:fs/promises";
import { GoogleGenerativeAI, type ResponseSchema, SchemaType } from "@google/generative-ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalProviders, startLocalProviders } from "../server.ts";
import { clip, SAMPLE } from "../test-clips.ts";
import { KEY, startUpload, uploadVideo } from "../test-upload.ts";

let providers: LocalProviders;
beforeAll(async () => {
  providers = await startLocalProviders();
});
afterAll(() => providers.stop());

const string = { type: SchemaType.STRING } as const;
const number = { type: SchemaType.NUMBER } as const;
const responseSchema: ResponseSchema = {
  type: SchemaType.OBJECT,
  properties: {
    title: string,
    summary: string,
    feedback: {
      type: SchemaType.ARRAY,
      items: {
        type: SchemaType.OBJECT,
        properties: {
          start_seconds: number,
          end_seconds: number,
          category: string,
          message: string,
          drill: { ...string, nullable: true },
        },
        required: ["start_seconds", "end_seconds", "category", "message", "drill"],
      },
    },
  },
  required: ["title", "summary", "feedback"],
};

function model(apiKey = "offline") {
  return new GoogleGenerativeAI(apiKey).getGenerativeModel(
    {
      model: "gemini-any",
      systemInstruction: "You are a coach.",
      generationConfig: { responseMimeType: "application/json", responseSchema },
    },
    { baseUrl: providers.url },
  );
}

async function analyse(path: string, task: object | string) {
  const { uri } = await uploadVideo(providers.url, Uint8Array.from(await readFile(path)));
  const text = typeof task === "string" ? task : JSON.stringify(task);
  const { response } = await model().generateContent([
    { fileData: { mimeType: "video/mp4", fileUri: uri } },
    { text },
  ]);
  return { response, report: JSON.parse(response.text()) };
}

describe("analysis through the SDK", () => {
  it("remarks on the sample's bursts and names the offline model", async () => {
    const { response, report } = await analyse(SAMPLE, { task: "analysis", language: "en-US" });

    expect(JSON.parse(JSON.stringify(response)).modelVersion).toBe("offline-bitstream-1");
    expect(response.candidates?.[0]?.finishReason).toBe("STOP");
    expect(response.usageMetadata?.totalTokenCount).toBeGreaterThan(0);
    const moves = report.feedback.filter((f: { category: string }) => f.category === "movement");
    expect(moves).toHaveLength(2);
    expect(Math.abs(moves[0].start_seconds - 4)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(moves[1].end_seconds - 15)).toBeLessThanOrEqual(0.5);
    expect(Object.keys(report).sort()).toEqual(["feedback", "summary", "title"]);
  });

  it("says honestly that nothing varies, and invents no moment", async () => {
    const { report } = await analyse(clip("still.mp4"), { task: "analysis", language: "en-US" });

    expect(report.summary).toContain("nothing in the picture moves so that it stands out");
    const categories = report.feedback.map((f: { category: string }) => f.category);
    expect(new Set(categories)).toEqual(new Set(["recording"]));
  });

  it("takes a question that is not a task as one about the video", async () => {
    const { report } = await analyse(SAMPLE, "What happens here?");

    expect(report.title).toBe("2 bursts of movement");
  });
});

describe("refusals", () => {
  it("answers 403 for a file it does not have", async () => {
    const fileUri = `${providers.url}/v1beta/files/nothere`;
    const error = await model()
      .generateContent([{ fileData: { mimeType: "video/mp4", fileUri } }, { text: "{}" }])
      .catch((thrown) => thrown);

    expect(error.status).toBe(403);
  });

  it("answers 400 FAILED_PRECONDITION for a file it could not read", async () => {
    const { uri } = await uploadVideo(providers.url, new Uint8Array(64));

    const response = await fetch(`${providers.url}/v1beta/models/m:generateContent`, {
      method: "POST",
      headers: KEY,
      body: JSON.stringify({ contents: [{ parts: [{ fileData: { fileUri: uri } }] }] }),
    });

    expect(await response.json()).toMatchObject({
      error: { code: 400, status: "FAILED_PRECONDITION" },
    });
  });

  it.each([
    ["no JSON", "{]", /./],
    ["no contents", "{}", /contents/],
    ["a turn without parts", JSON.stringify({ contents: [{ parts: [] }] }), /parts/],
    [
      "a file without its address",
      JSON.stringify({ contents: [{ parts: [{ fileData: { mimeType: "video/mp4" } }] }] }),
      /fileUri/,
    ],
    ["more than 20 MB", " ".repeat(21 * 1024 * 1024), /payload size exceeds the limit/],
  ])("answers 400 for %s", async (_what, body, words) => {
    const response = await fetch(`${providers.url}/v1beta/models/m:generateContent`, {
      method: "POST",
      headers: KEY,
      body,
    });

    expect(response.status).toBe(400);
    expect((await response.json()).error).toMatchObject({
      status: "INVALID_ARGUMENT",
      message: expect.stringMatching(words),
    });
  });

  it("answers 400 for a file larger than the Files API takes", async () => {
    await expect(startUpload(providers.url, 2 * 1024 ** 3 + 1)).rejects.toThrow(/too large/);
  });
});
