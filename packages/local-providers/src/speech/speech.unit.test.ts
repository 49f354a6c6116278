import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalProviders, startLocalProviders } from "../server.ts";
import { KEY } from "../test-upload.ts";

let providers: LocalProviders;
beforeAll(async () => {
  providers = await startLocalProviders();
});
afterAll(() => providers.stop());

const US = { languageCode: "en-US", name: "en-US-Neural2-C" };
const HELLO = "<speak>Watch the first burst again.</speak>";

const ask = (input: object, voice: object = US, audioConfig: object = {}) =>
  fetch(`${providers.url}/v1/text:synthesize`, {
    method: "POST",
    headers: KEY,
    body: JSON.stringify({
      input,
      voice,
      audioConfig: { audioEncoding: "LINEAR16", ...audioConfig },
    }),
  });

interface Wav {
  sampleRate: number;
  samples: Int16Array;
  seconds: number;
  loudness: number;
}

async function speak(input: object, voice?: object, audioConfig?: object): Promise<Wav> {
  const response = await ask(input, voice, audioConfig);
  const { audioContent } = await response.json();
  const wav = Buffer.from(audioContent, "base64");
  expect(wav.toString("latin1", 0, 4) + wav.toString("latin1", 8, 16)).toBe("RIFFWAVEfmt ");
  expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
  expect(wav.readUInt32LE(40)).toBe(wav.length - 44);
  const samples = new Int16Array(Uint8Array.from(wav.subarray(44)).buffer);
  const sampleRate = wav.readUInt32LE(24);
  const loudness = Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
  return { sampleRate, samples, seconds: samples.length / sampleRate, loudness };
}

async function refusal(input: object, voice?: object, audioConfig?: object): Promise<string> {
  const response = await ask(input, voice, audioConfig);
  const { error } = await response.json();
  expect(error).toMatchObject({ code: 400, status: "INVALID_ARGUMENT" });
  return error.message;
}

describe("speech", () => {
  it("is audible, in a WAV of the right shape, and names its engine", async () => {
    const { sampleRate, seconds, loudness } = await speak({ ssml: HELLO });

    expect(sampleRate).toBe(22_050);
    expect(seconds).toBeGreaterThan(1);
    expect(loudness).toBeGreaterThan(500);
    expect((await ask({ ssml: HELLO })).headers.get("x-speech-engine")).toBe("espeak-ng");
  });

  it("tells when marks are reached, to the beta alone, however they stand", async () => {
    const ssml =
      '<speak><p><s><mark name="a"/>Watch the first burst.</s><s><mark name="b"/>Then</s></p><break time="1s"/><mark name="c"/>again<mark name="d"/></speak>';
    const timesFrom = async (version: string) => {
      const response = await fetch(`${providers.url}/${version}/text:synthesize`, {
        method: "POST",
        headers: KEY,
        body: JSON.stringify({
          input: { ssml },
          voice: US,
          audioConfig: { audioEncoding: "LINEAR16" },
          enableTimePointing: ["SSML_MARK"],
        }),
      });
      return (await response.json()).timepoints;
    };

    const times = await timesFrom("v1beta1");

    expect(times.map(({ markName }: { markName: string }) => markName)).toEqual(["a", "b", "c"]);
    const [a, b, c] = times.map(({ timeSeconds }: { timeSeconds: number }) => timeSeconds);
    expect(a).toBeLessThan(0.6);
    expect(b - a).toBeGreaterThan(1);
    expect(c - b).toBeGreaterThan(1);
    expect(await timesFrom("v1")).toBeUndefined();
  });

  it("is a Gemini model too: text in, bare samples out", async () => {
    const response = await fetch(`${providers.url}/v1beta/models/tts:generateContent`, {
      method: "POST",
      headers: KEY,
      body: JSON.stringify({
        contents: [{ parts: [{ text: "Bend your <knees>." }] }],
        generationConfig: {
          responseModalities: ["AUDIO"],
          speechConfig: { languageCode: "en-US" },
        },
      }),
    });
    const { inlineData } = (await response.json()).candidates[0].content.parts[0];

    expect(inlineData.mimeType).toBe("audio/L16;codec=pcm;rate=22050");
    expect(Buffer.from(inlineData.data, "base64").length).toBeGreaterThan(22_050);
  });

  it("speaks plain text as it stands, markup and all", async () => {
    const { loudness } = await speak({ text: "a < b & c" });

    expect(loudness).toBeGreaterThan(500);
  });

  it("keeps pauses, also those in a shape the engine would drop", async () => {
    const without = await speak({ ssml: HELLO });
    const withPause = await speak({ ssml: HELLO.replace("first", '<break time="2s"/>first') });

    expect(withPause.seconds - without.seconds).toBeGreaterThan(1.5);
  });

  it("speaks CDATA", async () => {
    const { seconds } = await speak({ ssml: "<speak><![CDATA[Watch the first burst]]></speak>" });

    expect(seconds).toBeGreaterThan(1);
  });

  it("follows speakingRate, volumeGainDb and sampleRateHertz", async () => {
    const usual = await speak({ ssml: HELLO });

    const fast = await speak({ ssml: HELLO }, US, { speakingRate: 1.5 });
    const quiet = await speak({ ssml: HELLO }, US, { volumeGainDb: -12 });
    const small = await speak({ ssml: HELLO }, US, { sampleRateHertz: 8000 });

    expect(fast.seconds).toBeLessThan(usual.seconds * 0.85);
    expect(usual.loudness / quiet.loudness).toBeCloseTo(4, 0);
    expect(small.sampleRate).toBe(8000);
    expect(small.seconds).toBeCloseTo(usual.seconds, 1);
  });

  it("does not mix callers that ask at once", async () => {
    const german = { languageCode: "de-DE", name: "de-DE-Neural2-B" };
    const alone = await Promise.all([speak({ ssml: HELLO }), speak({ ssml: HELLO }, german)]);

    const together = await Promise.all(
      Array.from({ length: 12 }, (_, index) => speak({ ssml: HELLO }, index % 2 ? german : US)),
    );

    for (const [index, { samples }] of together.entries()) {
      const expected = alone[index % 2]?.samples.length ?? 0;
      expect(Math.abs(samples.length - expected)).toBeLessThan(expected * 0.1);
    }
    expect(alone[0]?.samples.length).not.toBe(alone[1]?.samples.length);
  });

  it.each(["en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT", "pt-BR", "cmn-CN"])(
    "has a voice for %s",
    async (languageCode) => {
      const { loudness } = await speak({ ssml: "<speak>1 2 3</speak>" }, { languageCode });

      expect(loudness).toBeGreaterThan(300);
    },
  );

  it("speaks every language and every American voice it lists", async () => {
    const { voices } = await (await fetch(`${providers.url}/v1/voices`, { headers: KEY })).json();
    const chosen = new Map<string, string>();
    for (const { name, languageCodes } of voices) {
      chosen.set(languageCodes[0] === "en-US" ? name : languageCodes[0], name);
    }
    expect(chosen.size).toBeGreaterThan(50);

    for (const name of chosen.values()) {
      const languageCode = name.split("-").slice(0, 2).join("-");
      expect((await ask({ text: "1" }, { languageCode, name })).status).toBe(200);
    }
  });

  it("lists the voices of one language", async () => {
    const response = await fetch(`${providers.url}/v1/voices?languageCode=fr`, { headers: KEY });

    const { voices } = await response.json();
    const codes = new Set(
      voices.map((voice: { languageCodes: string[] }) => voice.languageCodes[0]),
    );
    expect(codes).toEqual(new Set(["fr-FR", "fr-CA"]));
  });
});

describe("refusals", () => {
  it.each([
    ["an open element", "<speak><p>hello</speak>"],
    ["a bare ampersand", "<speak>you & me</speak>"],
    ["another root", "<p>hello</p>"],
    ["no markup", "hello"],
    ["a DOCTYPE", '<!DOCTYPE speak [<!ENTITY a "b">]><speak>&a;</speak>'],
    ["an unknown element", "<speak><shout>hello</shout></speak>"],
    ["hours of pauses", `<speak>${'<break time="10s"/>'.repeat(20)}</speak>`],
  ])("refuses %s as invalid SSML", async (_name, ssml) => {
    expect(await refusal({ ssml })).toMatch(/^Invalid SSML/);
  });

  it("refuses more than 5,000 bytes, tags included", async () => {
    const ssml = `<speak>${"é".repeat(2500)}</speak>`;

    expect(await refusal({ ssml })).toContain("5000 bytes");
  });

  it("refuses unknown voices, and one of another language", async () => {
    const unknown = { languageCode: "en-US", name: "en-US-Nobody-A" };
    const other = { languageCode: "de-DE", name: "en-US-Neural2-C" };

    expect(await refusal({ ssml: HELLO }, unknown)).toContain("does not exist");
    expect(await refusal({ ssml: HELLO }, other)).toContain("does not exist");
    expect(await refusal({ ssml: HELLO }, { languageCode: "tlh" })).toContain("does not exist");
  });

  it("refuses encodings it cannot make", async () => {
    expect(await refusal({ ssml: HELLO }, US, { audioEncoding: "MP3" })).toContain("LINEAR16");
  });
});
