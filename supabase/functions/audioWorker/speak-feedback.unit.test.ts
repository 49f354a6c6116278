import { createHash } from "node:crypto";
import { usualCoach } from "@sideline/contracts";
import { describe, expect, test } from "vitest";
import type { SpeechRequest } from "../_shared/providers/speech.ts";
import { audioClaim } from "../_shared/testing/claims.ts";
import { makeMp3 } from "../_shared/testing/make-mp3.ts";
import { makeWav } from "../_shared/testing/make-wav.ts";
import { recordedAttempt } from "../_shared/testing/recorded-attempt.ts";
import { speakFeedback } from "./speak-feedback.ts";

function studio(recordings: Uint8Array<ArrayBuffer>[]) {
  const objects = new Map<string, { bytes: Uint8Array; contentType: string }>();
  const spoken: SpeechRequest[] = [];
  return {
    objects,
    spoken,
    deps: {
      speech: {
        asks: ({ signal: _, ...request }: SpeechRequest) => request,
        async synthesize(request: SpeechRequest) {
          const audio = recordings[spoken.length];
          spoken.push(request);
          if (!audio) throw new Error("More was spoken than expected.");
          const times = [{ name: "c0", seconds: 0.2 }];
          const provider = "google-cloud-tts";
          const version = request.voiceName;
          return {
            receipt: { provider, model: version, characters: request.ssml.length, ms: 5 },
            speech: () => ({ audio, times, provider, version }),
          };
        },
      },
      storage: {
        exists: async (bucket: string, path: string) => objects.has(`${bucket}/${path}`),
        async put(object: {
          bucket: string;
          path: string;
          bytes: Uint8Array<ArrayBuffer> | Blob;
          contentType: string;
        }) {
          const { bucket, path, contentType } = object;
          const bytes = new Uint8Array(await new Blob([object.bytes]).arrayBuffer());
          objects.set(`${bucket}/${path}`, { bytes, contentType });
        },
      },
    },
  };
}

const one = makeWav({ seconds: 1.25, amplitude: 0.4 });
const two = makeMp3(20, 900);

const name = (index: number, audio: Uint8Array): string =>
  `${audioClaim.user_id}/5/7/${index}-${createHash("sha256").update(audio).digest("hex").slice(0, 16)}`;

describe("speakFeedback", () => {
  test("stores each segment under its content's hash in the owner's folder, whatever it is", async () => {
    const { deps, objects } = studio([one, two]);

    const result = await speakFeedback(deps, audioClaim, recordedAttempt());

    expect(result).toEqual({
      provider: "google-cloud-tts",
      version: "en-US-Neural2-D",
      segments: [
        {
          segment_index: 0,
          audio_url: `${name(0, one)}.wav`,
          captions_url: `${name(0, one)}.vtt`,
          format: "wav",
          duration_ms: 1250,
        },
        {
          segment_index: 1,
          audio_url: `${name(1, two)}.mp3`,
          captions_url: `${name(1, two)}.vtt`,
          format: "mp3",
          duration_ms: 480,
        },
      ],
    });
    expect(objects.get(`processed/${name(0, one)}.wav`)).toEqual({
      bytes: one,
      contentType: "audio/wav",
    });
    expect(objects.get(`processed/${name(1, two)}.mp3`)).toEqual({
      bytes: two,
      contentType: "audio/mpeg",
    });
  });

  test("stores captions beside it, with the times that were told", async () => {
    const { deps, objects } = studio([one, two]);

    await speakFeedback(deps, audioClaim, recordedAttempt());

    const captions = objects.get(`processed/${name(0, one)}.vtt`);
    expect(captions?.contentType).toBe("text/vtt");
    expect(new TextDecoder().decode(captions?.bytes)).toBe(
      "WEBVTT\n\n1\n00:00:00.200 --> 00:00:01.250\nOne.\n",
    );
  });

  test("speaks with the coach of the job, with marks where captions begin", async () => {
    const { deps, spoken } = studio([one, two]);

    await speakFeedback(deps, audioClaim, recordedAttempt());

    expect(spoken[0]).toMatchObject({
      ssml: '<speak><mark name="c0"/>One.</speak>',
      text: "One.",
      voiceName: "en-US-Neural2-D",
      languageCode: "en-US",
      speakingRate: 0.9,
      pitch: -2,
    });
  });

  test("leaves out the marks where the request has no room for them", async () => {
    const { deps, spoken } = studio([one]);
    const ssml = `<speak>${"<s>Word by word.</s>".repeat(230)}</speak>`;
    const claim = { ...audioClaim, segments: [{ segment_index: 0, ssml }] };

    await speakFeedback(deps, claim, recordedAttempt());

    expect(spoken[0]?.ssml).toBe(ssml);
  });

  test("speaks nothing that an earlier attempt was paid for, as long as it is there", async () => {
    const { deps, objects, spoken } = studio([one, two, one]);
    const first = recordedAttempt();
    const result = await speakFeedback(deps, audioClaim, first);
    const { calls } = first.ledger;
    expect(calls).toMatchObject([
      { characters: spoken[0]?.ssml.length, refused: null },
      { characters: spoken[1]?.ssml.length, refused: null },
    ]);

    const second = recordedAttempt(calls);
    expect(await speakFeedback(deps, audioClaim, second)).toEqual(result);
    expect([spoken.length, second.ledger.asked()]).toEqual([2, false]);

    objects.delete(`processed/${result.segments[0]?.audio_url}`);
    const third = recordedAttempt(calls);
    expect(await speakFeedback(deps, audioClaim, third)).toEqual(result);
    expect([spoken.length, third.ledger.asked(), calls.length]).toEqual([3, true, 3]);
  });

  test("what another voice said is no answer", async () => {
    const { deps, spoken } = studio([one, two, one, two]);
    const first = recordedAttempt();
    await speakFeedback(deps, audioClaim, first);

    const coach = { ...usualCoach, voice_name: "en-US-Neural2-F" };
    await speakFeedback(deps, { ...audioClaim, coach }, recordedAttempt(first.ledger.calls));

    expect(spoken).toHaveLength(4);
  });

  test.each([
    ["silent audio", makeWav({ seconds: 1, amplitude: 0 }), "audio_silent"],
    ["a silent MP3", makeMp3(20, 0), "audio_silent"],
    ["something that is neither", new TextEncoder().encode("OggS...."), "audio_invalid"],
  ])("stores no %s", async (_what, audio, code) => {
    const { deps, objects } = studio([audio, two]);

    const attempt = recordedAttempt();

    await expect(speakFeedback(deps, audioClaim, attempt)).rejects.toMatchObject({ code });

    expect(objects.size).toBe(0);
    expect(attempt.ledger.calls).toMatchObject([{ refused: code, answer: null }]);
  });
});
