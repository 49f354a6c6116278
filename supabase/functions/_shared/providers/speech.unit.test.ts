import { describe, expect, test } from "vitest";
import { StageError } from "../errors.ts";
import { type Answer, jsonBody, serveHttp } from "../testing/http-server.ts";
import { makeWav } from "../testing/make-wav.ts";
import { createSpeechSynthesizer, type SpeechRequest } from "./speech.ts";

async function speechThat(answer: Answer, encoding: "MP3" | "LINEAR16" = "MP3") {
  const { url: baseUrl, received } = await serveHttp(answer);
  const speech = createSpeechSynthesizer({ apiKey: "the-key", baseUrl, encoding, fetch });
  const speak = async (request: SpeechRequest) => (await speech.synthesize(request)).speech();
  return { speech, speak, received };
}

const request = (signal = new AbortController().signal): SpeechRequest => ({
  ssml: "<speak>Hi</speak>",
  text: "Hi",
  languageCode: "en-US",
  voiceName: "en-US-Neural2-C",
  speakingRate: 0.9,
  pitch: -2,
  signal,
});

async function errorOf(work: Promise<unknown>): Promise<StageError> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (error instanceof StageError) return error;
  throw error;
}

const wav = makeWav({ seconds: 0.2, amplitude: 0.5 });
const audioContent = Buffer.from(wav).toString("base64");

describe("synthesize", () => {
  test("asks in the coach's voice and decodes the audio byte for byte", async () => {
    const { speak, received } = await speechThat(() => Response.json({ audioContent }));

    const spoken = await speak(request());

    expect(Buffer.compare(spoken.audio, wav)).toBe(0);
    expect(spoken).toMatchObject({ provider: "google-cloud-tts", version: "en-US-Neural2-C" });
    const [sent] = received;
    if (!sent) throw new Error("Nothing was sent.");
    expect(sent.path).toBe("/v1beta1/text:synthesize");
    expect(sent.headers.get("x-goog-api-key")).toBe("the-key");
    expect(jsonBody(sent)).toEqual({
      input: { ssml: "<speak>Hi</speak>" },
      voice: { languageCode: "en-US", name: "en-US-Neural2-C" },
      audioConfig: { audioEncoding: "MP3", speakingRate: 0.9, pitch: -2 },
      enableTimePointing: ["SSML_MARK"],
    });
  });

  test("asks for WAV where that is wanted", async () => {
    const { speak, received } = await speechThat(() => Response.json({ audioContent }), "LINEAR16");

    await speak(request());

    expect(new TextDecoder().decode(received[0]?.body)).toContain('"audioEncoding":"LINEAR16"');
  });

  test("tells what it is paid for: every character but those of marks", async () => {
    const { speech } = await speechThat(() => Response.json({ audioContent }));
    const ssml = '<speak><mark name="c0"/>Häng dich\u{1F44D}</speak>';

    const { receipt } = await speech.synthesize({ ...request(), ssml });

    expect(receipt).toEqual({
      provider: "google-cloud-tts",
      model: "en-US-Neural2-C",
      characters: "<speak>Häng dich?</speak>".length,
      ms: expect.any(Number),
    });
  });

  test("tells when marks were spoken", async () => {
    const timepoints = [{ markName: "c0" }, { markName: "c1", timeSeconds: 1.5 }];
    const { speak } = await speechThat(() => Response.json({ audioContent, timepoints }));

    expect((await speak(request())).times).toEqual([
      { name: "c0", seconds: 0 },
      { name: "c1", seconds: 1.5 },
    ]);
  });

  test.each([
    ["of another form", [{ mark: 1 }]],
    ["that are none", "c0"],
  ])("takes the audio of an answer with times %s", async (_what, timepoints) => {
    const { speak } = await speechThat(() => Response.json({ audioContent, timepoints }));

    expect((await speak(request())).times).toEqual([]);
  });

  test("takes another voice of the language for one that is gone", async () => {
    const { speak, received } = await speechThat((sent) =>
      JSON.stringify(jsonBody(sent)).includes("Neural2")
        ? Response.json(
            { error: { message: "Voice 'en-US-Neural2-C' does not exist." } },
            { status: 400 },
          )
        : Response.json({ audioContent }),
    );

    expect((await speak(request())).version).toBe("en-US");
    expect(received.map(jsonBody)).toMatchObject([
      { voice: { languageCode: "en-US", name: "en-US-Neural2-C" } },
      { voice: { languageCode: "en-US" } },
    ]);
  });

  test("records an engine that names itself", async () => {
    const { speak } = await speechThat(() =>
      Response.json({ audioContent }, { headers: { "x-speech-engine": "espeak-ng" } }),
    );

    expect((await speak(request())).provider).toBe("espeak-ng");
  });

  test("with audio that is no base64 can be asked for again", async () => {
    const { speak } = await speechThat(() => Response.json({ audioContent: "%%%" }));

    expect(await errorOf(speak(request()))).toMatchObject({ code: "audio_invalid", fate: "retry" });
  });

  test.each([
    "Invalid SSML. Newer voices like Neural2 require valid SSML.",
    "This request contains sentences that are too long. Consider splitting up long sentences.",
    "Either `input.text` or `input.ssml` is longer than the limit of 5000 bytes.",
  ])("markup that is refused goes back to be written anew: %s", async (message) => {
    const { speak } = await speechThat(() =>
      Response.json({ error: { message } }, { status: 400 }),
    );

    expect(await errorOf(speak(request()))).toMatchObject({
      code: "ssml_refused",
      fate: "send_back",
      detail: `Text-to-Speech answered with status 400: ${message}`,
    });
  });

  test.each([
    [400, "The pitch is out of range."],
    [403, "Invalid SSML."],
  ])("a %i that is not about the markup is no reason to write it anew", async (status, message) => {
    const { speak } = await speechThat(() => Response.json({ error: { message } }, { status }));

    expect((await errorOf(speak(request()))).code).toBe("provider_rejected");
  });

  test("429 waits as long as the header says", async () => {
    const { speak } = await speechThat(
      () => new Response("{}", { status: 429, headers: { "retry-after": "7" } }),
    );

    expect(await errorOf(speak(request()))).toMatchObject({
      code: "provider_rate_limited",
      retryAfterSeconds: 7,
    });
  });
});
