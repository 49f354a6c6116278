import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { SpeechRequest } from "../_shared/providers/speech.ts";
import { audioClaim } from "../_shared/testing/claims.ts";
import { makeWav } from "../_shared/testing/make-wav.ts";
import { speakFeedback } from "./speak-feedback.ts";

function studio(wavs: Uint8Array<ArrayBuffer>[]) {
  const objects = new Map<string, Uint8Array>();
  const spoken: SpeechRequest[] = [];
  return {
    objects,
    spoken,
    deps: {
      speech: {
        async synthesize(request: SpeechRequest) {
          const wav = wavs[spoken.length];
          spoken.push(request);
          if (!wav) throw new Error("More was spoken than expected.");
          return { wav, provider: "google-cloud-tts", version: request.voiceName };
        },
      },
      storage: {
        open: async () => null,
        exists: async () => false,
        async put({ bucket, path, bytes }: { bucket: string; path: string; bytes: Uint8Array }) {
          objects.set(`${bucket}/${path}`, bytes);
        },
      },
    },
  };
}

const signal = new AbortController().signal;
const one = makeWav({ seconds: 1.25, amplitude: 0.4 });
const two = makeWav({ seconds: 0.5, amplitude: 0.4 });

describe("speakFeedback", () => {
  test("stores each segment under its content's hash in the owner's folder", async () => {
    const { deps, objects } = studio([one, two]);

    const result = await speakFeedback(deps, audioClaim, signal);

    const name = (index: number, wav: Uint8Array): string =>
      `${audioClaim.user_id}/5/7/${index}-${createHash("sha256").update(wav).digest("hex").slice(0, 16)}.wav`;
    expect(result).toEqual({
      provider: "google-cloud-tts",
      version: "en-US-Neural2-D",
      segments: [
        { segment_index: 0, audio_url: name(0, one), format: "wav", duration_ms: 1250 },
        { segment_index: 1, audio_url: name(1, two), format: "wav", duration_ms: 500 },
      ],
    });
    expect([...objects]).toEqual([
      [`processed/${name(0, one)}`, one],
      [`processed/${name(1, two)}`, two],
    ]);
  });

  test("speaks with the coach of the job", async () => {
    const { deps, spoken } = studio([one, two]);

    await speakFeedback(deps, audioClaim, signal);

    expect(spoken[0]).toMatchObject({
      ssml: "<speak>One.</speak>",
      voiceName: "en-US-Neural2-D",
      languageCode: "en-US",
      speakingRate: 0.9,
      pitch: -2,
    });
  });

  test.each([
    ["silent audio", makeWav({ seconds: 1, amplitude: 0 }), "audio_silent"],
    ["something that is no WAV", new TextEncoder().encode("ID3...."), "audio_invalid"],
  ])("stores no %s", async (_what, wav, code) => {
    const { deps, objects } = studio([wav, two]);

    await expect(speakFeedback(deps, audioClaim, signal)).rejects.toMatchObject({ code });
    expect(objects.size).toBe(0);
  });
});
