import { describe, expect, test } from "vitest";
import { readAudio } from "../audio/audio.ts";
import { StageError } from "../errors.ts";
import { jsonBody, serveHttp } from "../testing/http-server.ts";
import { makeWav } from "../testing/make-wav.ts";
import { createGeminiSpeech } from "./gemini-speech.ts";

async function speechThat(answer: () => Response) {
  const { url: baseUrl, received } = await serveHttp(answer);
  const options = { apiKey: "the-key", baseUrl, model: "tts-1", voice: "Kore", fetch };
  const pay = () =>
    createGeminiSpeech(options).synthesize({
      ssml: "<speak>Hi <emphasis>there</emphasis></speak>",
      text: "Hi there",
      languageCode: "en-US",
      voiceName: "en-US-Neural2-C",
      speakingRate: 1,
      pitch: 0,
      signal: new AbortController().signal,
    });
  const speak = async () => (await pay()).speech();
  return { pay, speak, received };
}

const wav = makeWav({ seconds: 0.5, amplitude: 0.4, sampleRate: 24_000 });
const audio = (bytes: Uint8Array, mimeType: string) =>
  Response.json({
    candidates: [
      {
        content: {
          parts: [{ inlineData: { mimeType, data: Buffer.from(bytes).toString("base64") } }],
        },
        finishReason: "STOP",
      },
    ],
    modelVersion: "tts-1-001",
    usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 90 },
  });

describe("a Gemini speech model", () => {
  test("gets the text, for it would read markup aloud", async () => {
    const { speak, received } = await speechThat(() => audio(wav, "audio/wav"));

    expect(await speak()).toMatchObject({ provider: "gemini", version: "tts-1-001", times: [] });
    expect(received[0]?.path).toBe("/v1beta/models/tts-1:generateContent");
    expect(received.map(jsonBody)).toEqual([
      {
        contents: [{ role: "user", parts: [{ text: "Hi there" }] }],
        generationConfig: {
          responseModalities: ["AUDIO"],
          speechConfig: {
            languageCode: "en-US",
            voiceConfig: { prebuiltVoiceConfig: { voiceName: "Kore" } },
          },
        },
      },
    ]);
  });

  test("tells what it is paid for", async () => {
    const { pay } = await speechThat(() => audio(wav, "audio/wav"));

    expect((await pay()).receipt).toMatchObject({
      provider: "gemini",
      model: "tts-1-001",
      input_tokens: 5,
      output_tokens: 90,
    });
  });

  test.each([
    ["bare samples", wav.subarray(44), "audio/L16;codec=pcm;rate=24000"],
    ["a WAV", wav, "audio/wav"],
    ["a WAV that calls itself samples", wav, "audio/L16;codec=pcm;rate=24000"],
  ])("may answer %s", async (_what, bytes, mimeType) => {
    const { speak } = await speechThat(() => audio(bytes, mimeType));

    expect(readAudio((await speak()).audio)).toMatchObject({ format: "wav", durationMs: 500 });
  });

  test.each([
    ["nothing", () => Response.json({ candidates: [] }), "audio_invalid"],
    [
      "text",
      () => Response.json({ candidates: [{ content: { parts: [{ text: "Hi" }] } }] }),
      "audio_invalid",
    ],
    [
      "a refusal",
      () => Response.json({ candidates: [{ finishReason: "SAFETY" }] }),
      "provider_blocked",
    ],
    ["an error", () => new Response("{}", { status: 503 }), "provider_unavailable"],
  ])("that answers %s is an error", async (_what, answer, code) => {
    const { speak } = await speechThat(answer);

    const error: unknown = await speak().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StageError);
    expect(error).toMatchObject({ code });
  });
});
