import { describe, expect, test } from "vitest";
import { sampleRate } from "./format.ts";
import { measureLoudness } from "./loudness.ts";
import { createMixer, type MixTrack } from "./mixer.ts";

/** Blocks of uneven length. */
async function* blocks(value: (sample: number) => number, count: number) {
  for (let at = 0; at < count; ) {
    const length = Math.min(count - at, 1000 + (at % 777));
    yield Float32Array.from({ length: length * 2 }, (_, index) => value(at + (index >> 1)));
    at += length;
  }
}

const tone = (amplitude: number) => (sample: number) =>
  amplitude * Math.sin((2 * Math.PI * 997 * sample) / sampleRate);

describe("measureLoudness", () => {
  test("a tone of 997 Hz at full scale on both sides is 0 LUFS, at a tenth -20", async () => {
    const loud = await measureLoudness(blocks(tone(1), sampleRate));
    const quiet = await measureLoudness(blocks(tone(0.1), sampleRate));

    expect(loud.lufs).toBeCloseTo(0, 1);
    expect(quiet.lufs).toBeCloseTo(-20, 1);
  });

  test("neither silence nor quiet counts, and the silence before the first sound is told", async () => {
    const spoken = (sample: number) =>
      sample < sampleRate ? 0 : tone(sample < 4 * sampleRate ? 0.1 : 0.004)(sample);
    const { lufs, lead, length } = await measureLoudness(blocks(spoken, 7 * sampleRate));

    expect(lufs).toBeCloseTo(-20, 0);
    expect(lead / sampleRate).toBeCloseTo(1, 3);
    expect(length).toBe(7 * sampleRate);
  });

  test("silence has no loudness", async () => {
    expect(await measureLoudness(blocks(() => 0, 100))).toEqual({
      lufs: null,
      lead: 0,
      length: 100,
    });
  });
});

describe("createMixer", () => {
  const ramp: MixTrack = {
    spans: [
      { from: 1000, to: 2000 },
      { from: 3000, to: 4000 },
    ],
    gain: 1,
    open: () => blocks((sample) => sample / 10_000, 2000),
  };
  const left = async (tracks: MixTrack[], start: number, count: number) => {
    const mixer = createMixer(tracks, start);
    const halves = [await mixer.read(count / 2), await mixer.read(count / 2)];
    await mixer.close();
    return halves.flatMap((half) => [...half].filter((_, index) => index % 2 === 0));
  };

  test("a sound waits where it has no span, and goes on where it stopped", async () => {
    const heard = await left([ramp], 0, 5000);

    expect([500, 1500, 2500, 3500, 4500].map((at) => heard[at])).toEqual(
      [0, 0.05, 0, 0.15, 0].map((value) => expect.closeTo(value)),
    );
  });

  test("begins later where a file's sound comes late", async () => {
    const heard = await left([ramp], 700, 2000);

    expect(heard[800]).toBeCloseTo(0.05);
  });

  test("adds up, and never reaches full scale", async () => {
    const spans = [{ from: 0, to: 1000 }];
    const full = { spans, gain: 1, open: () => blocks(() => 0.9, 1000) };
    const heard = await left([full, full], 0, 80);

    expect(Math.max(...heard)).toBeGreaterThan(0.95);
    expect(Math.max(...heard)).toBeLessThan(1);
  });
});
