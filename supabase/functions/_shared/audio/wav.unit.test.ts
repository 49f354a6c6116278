import { describe, expect, test } from "vitest";
import { StageError } from "../errors.ts";
import { makeWav } from "../testing/make-wav.ts";
import { readWav, requireAudible } from "./wav.ts";

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof StageError) return error.code;
    throw error;
  }
  return "no error";
};

describe("readWav", () => {
  test("measures duration and loudness from the samples", () => {
    const facts = readWav(makeWav({ seconds: 1.5, amplitude: 0.5, sampleRate: 22_050 }));

    expect(facts.durationMs).toBe(1500);
    expect(facts.sampleRate).toBe(22_050);
    expect(facts.peak).toBeCloseTo(0.5, 2);
    expect(facts.rms).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  test("counts frames, not samples, of two channels", () => {
    expect(readWav(makeWav({ seconds: 1, amplitude: 0.5, channels: 2 })).durationMs).toBe(1000);
  });

  test("passes over chunks it does not know, of odd length too", () => {
    const wav = makeWav({ seconds: 0.5, amplitude: 0.5, extraChunkBytes: 7 });

    expect(readWav(wav).durationMs).toBe(500);
  });

  test.each([0, 0xffffffff])("reads to the end when the length field says %i", (stated) => {
    const wav = makeWav({ seconds: 0.5, amplitude: 0.5, statedDataBytes: stated });

    expect(readWav(wav).durationMs).toBe(500);
  });

  test("reads bytes that lie within a larger buffer", () => {
    const wav = makeWav({ seconds: 0.5, amplitude: 0.5 });
    const larger = new Uint8Array(wav.length + 3);
    larger.set(wav, 3);

    expect(readWav(larger.subarray(3)).durationMs).toBe(500);
  });

  test.each([
    ["no bytes", new Uint8Array()],
    ["an MP3", new TextEncoder().encode("ID3 this is not a wave file at all")],
    ["a header alone", makeWav({ seconds: 1, amplitude: 1 }).subarray(0, 30)],
    ["8-bit samples", makeWav({ seconds: 1, amplitude: 1, bits: 8 })],
    ["a compressed format", makeWav({ seconds: 1, amplitude: 1, encoding: 85 })],
  ])("calls %s invalid", (_what, bytes) => {
    expect(codeOf(() => readWav(bytes))).toBe("audio_invalid");
  });
});

describe("requireAudible", () => {
  test.each([
    ["speech", { seconds: 1, amplitude: 0.3 }, "no error"],
    ["quiet speech", { seconds: 1, amplitude: 0.02 }, "no error"],
    ["silence", { seconds: 1, amplitude: 0 }, "audio_silent"],
    ["noise of one bit", { seconds: 1, amplitude: 1 / 32768 }, "audio_silent"],
    ["a single click", { seconds: 5, amplitude: 0, click: 0.3 }, "audio_silent"],
    ["no samples", { seconds: 0, amplitude: 1 }, "audio_silent"],
  ])("judges %s", (_what, sound, verdict) => {
    expect(codeOf(() => requireAudible(readWav(makeWav(sound))))).toBe(verdict);
  });
});
