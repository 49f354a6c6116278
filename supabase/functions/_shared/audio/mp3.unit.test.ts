import { describe, expect, test } from "vitest";
import { makeMp3 } from "../testing/make-mp3.ts";
import { looksLikeMp3, readMp3, requireSound } from "./mp3.ts";

function joined(...parts: (Uint8Array | number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
const sound = makeMp3(10, 1154);
const id3 = [...new TextEncoder().encode("ID3"), 4, 0, 0, 0, 0, 1, 2, ...Array(130).fill(0xff)];

describe("readMp3", () => {
  test("counts frames and the bits in the fullest", () => {
    expect(readMp3(sound)).toEqual({ durationMs: 240, fullestFrameBits: 1154 });
  });

  test.each([
    ["a tag before", joined(id3, sound), 240],
    ["junk between frames", joined(sound, [0, 0xff, 0xfb, 1], sound), 480],
    ["a last frame that is cut", joined(sound, sound.subarray(0, 50)), 240],
    ["a table of contents in front", joined(infoFrame(), sound), 240],
  ])("does not mind %s", (_what, bytes, durationMs) => {
    expect(readMp3(bytes).durationMs).toBe(durationMs);
  });

  test.each([
    ["nothing", new Uint8Array()],
    ["text", new TextEncoder().encode("ID3 is no music")],
    ["half a frame", sound.subarray(0, 60)],
    ["layer II", Uint8Array.from(sound, (byte, at) => (at % 96 === 1 ? 0xf5 : byte))],
  ])("finds no frame in %s", (_what, bytes) => {
    expect(() => readMp3(bytes)).toThrow(expect.objectContaining({ code: "audio_invalid" }));
  });

  test("hears that nothing is to be heard", () => {
    expect(() => requireSound(readMp3(makeMp3(10, 0)))).toThrow(
      expect.objectContaining({ code: "audio_silent" }),
    );
    expect(() => requireSound(readMp3(sound))).not.toThrow();
  });
});

test("knows an MP3 by its first bytes", () => {
  expect([sound, joined(id3, sound)].map(looksLikeMp3)).toEqual([true, true]);
  expect(looksLikeMp3(new TextEncoder().encode("RIFF...."))).toBe(false);
});

function infoFrame(): Uint8Array {
  const frame = makeMp3(1, 0);
  frame.set(new TextEncoder().encode("Info"), 4 + 9);
  return frame;
}
