import { expect, test } from "vitest";
import { isAudible, measureWav } from "./wav.ts";

/** One channel of 16-bit PCM at 8 kHz. */
function wav(samples: number[]): Uint8Array {
  const data = Buffer.alloc(44 + samples.length * 2);
  data.write("RIFF", 0);
  data.writeUInt32LE(36 + samples.length * 2, 4);
  data.write("WAVEfmt ", 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(8_000, 24);
  data.writeUInt32LE(16_000, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write("data", 36);
  data.writeUInt32LE(samples.length * 2, 40);
  for (const [index, sample] of samples.entries()) data.writeInt16LE(sample, 44 + index * 2);
  return data;
}

const tone = (count: number) =>
  Array.from({ length: count }, (_, index) => Math.round(8_000 * Math.sin(index / 3)));

test("measures duration and loudness", () => {
  const measure = measureWav(wav(tone(8_000)));

  expect(measure.durationSeconds).toBe(1);
  expect(measure.loudness).toBeCloseTo(8_000 / 32_768 / Math.SQRT2, 2);
  expect(isAudible(measure)).toBe(true);
});

test.each([
  ["silence", wav(Array.from({ length: 8_000 }, () => 0))],
  ["a click", wav(tone(800))],
  ["no samples", wav([])],
])("%s is not audible", (_name, bytes) => {
  expect(isAudible(measureWav(bytes))).toBe(false);
});

test.each([
  ["text", new TextEncoder().encode("not a sound ".repeat(10))],
  ["nothing", new Uint8Array()],
])("%s is no WAV", (_name, bytes) => {
  expect(() => measureWav(bytes)).toThrow("not a WAV");
});
