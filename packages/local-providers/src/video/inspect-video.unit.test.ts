import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { box } from "../clips/mp4-surgery.ts";
import { clip, firstPart, SAMPLE, withFile } from "../test-clips.ts";
import { inspectVideo } from "./inspect-video.ts";
import { UnreadableVideoError } from "./unreadable-video.ts";

/** Bursts as `[start, end]`, and how far an end may be off, in seconds. */
const TOLERANCE = 0.5;

async function burstsOf(path: string): Promise<[number, number][]> {
  const { motion } = await inspectVideo(path);
  return (motion?.bursts ?? []).map(({ start, end }) => [start, end]);
}

function expectNear(found: [number, number][], wanted: [number, number][]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [index, [start, end]] of wanted.entries()) {
    expect(Math.abs((found[index]?.[0] ?? 99) - start)).toBeLessThanOrEqual(TOLERANCE);
    expect(Math.abs((found[index]?.[1] ?? 99) - end)).toBeLessThanOrEqual(TOLERANCE);
  }
}

async function reasonFor(bytes: Uint8Array): Promise<{ reason: string; message: string }> {
  return withFile(bytes, async (path) => {
    const error: unknown = await inspectVideo(path).catch((thrown: unknown) => thrown);
    if (!(error instanceof UnreadableVideoError)) throw new Error(`not refused: ${error}`);
    return { reason: error.reason, message: error.message };
  });
}

/** A segment index (`sidx`) that lists one fragment. */
function segmentIndex(timescale: number, duration: number): Buffer {
  const words = [0, 1, timescale, 0, 0, 1, 1000, duration, 0];
  const content = Buffer.concat(
    words.map((word) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(word);
      return bytes;
    }),
  );
  return box("sidx", content);
}

describe("bursts of movement", () => {
  it("finds both bursts of the sample", async () => {
    expectNear(await burstsOf(SAMPLE), [
      [4, 7],
      [12, 15],
    ]);
  });

  it.each([
    "hevc.mp4",
    "vp9.webm",
    "live.webm",
    "quicktime.mov",
    "fragmented.mp4",
    "index-last.mp4",
    "with-sound.mp4",
    "cbr.mp4",
    "vp9-realtime.webm",
  ])("finds both bursts of %s", async (file) => {
    expectNear(await burstsOf(clip(file)), [
      [3, 5],
      [7, 8.5],
    ]);
  });

  it.each(["still.mp4", "rotated.mp4", "intra-only.mp4", "one-frame.mp4"])(
    "invents none in %s",
    async (file) => {
      const facts = await inspectVideo(clip(file));

      expect(facts.motion).toBeNull();
      expect(facts.possibleCuts).toEqual([]);
    },
  );
});

it("tells what moves all the time from what never does", async () => {
  const { motion } = await inspectVideo(clip("moving.mp4"));

  expect(motion).toMatchObject({ bursts: [{ start: 0, ratio: null }], rests: [] });
});

describe("facts of a recording", () => {
  it("measures the sample", async () => {
    const facts = await inspectVideo(SAMPLE);

    expect(facts).toMatchObject({
      videoCodec: "avc",
      width: 640,
      height: 360,
      rotation: 0,
      frameCount: 600,
      audio: { codec: "aac", channels: 1, sampleRate: 44_100 },
    });
    expect(facts.durationSeconds).toBeCloseTo(20, 1);
    expect(facts.frameRate).toBeCloseTo(30, 1);
  });

  it("shows a rotated clip upright", async () => {
    const { width, height, rotation } = await inspectVideo(clip("rotated.mp4"));

    expect({ width, height }).toEqual({ width: 180, height: 320 });
    expect([90, 270]).toContain(rotation);
  });

  it("knows a clip without a sound track", async () => {
    expect((await inspectVideo(clip("hevc.mp4"))).audio).toBeNull();
  });

  it("measures a single frame", async () => {
    const { frameCount, durationSeconds } = await inspectVideo(clip("one-frame.mp4"));

    expect(frameCount).toBe(1);
    expect(durationSeconds).toBeCloseTo(1 / 15, 2);
  });
});

describe("files that are no whole video", () => {
  it.each([
    ["quicktime.mov", "whose index comes first"],
    ["index-last.mp4", "whose index comes last"],
    ["vp9.webm", "in WebM"],
  ])("tells that %s, %s, was cut short", async (file) => {
    for (const share of [0.4, 0.75, 0.97]) {
      const { reason, message } = await reasonFor(await firstPart(file, share));
      expect(reason).toBe("truncated");
      expect(message).toMatch(/^The video is truncated: .+\.$/);
    }
  });

  it("tells that fragments are missing of those that an index lists", async () => {
    const bytes = await firstPart("fragmented.mp4", 0.7);
    const at = bytes.indexOf("moof") - 4;
    const listed = segmentIndex(1000, 10_000);

    expect(
      await reasonFor(Buffer.concat([bytes.subarray(0, at), listed, bytes.subarray(at)])),
    ).toMatchObject({ reason: "truncated" });
  });

  it.each(["live.webm", "fragmented.mp4"])(
    "reads %s, which promises no length, as far as it goes",
    async (file) => {
      for (const share of [0.4, 0.75, 0.97]) {
        const seconds = await withFile(
          await firstPart(file, share),
          async (path) => (await inspectVideo(path)).durationSeconds,
        );
        expect(seconds).toBeGreaterThan(10 * share - 3);
        expect(seconds).toBeLessThan(10);
      }
    },
  );

  it.each([
    ["noise", Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251))],
    ["zeros", Buffer.alloc(5000)],
    ["a word", Buffer.from("text")],
  ])("tells that %s is not a video", async (_name, bytes) => {
    expect((await reasonFor(bytes)).reason).toBe("not_a_video");
  });

  it("refuses a file whose boxes are broken without crashing", async () => {
    const bytes = await readFile(clip("quicktime.mov"));
    const index = bytes.indexOf("stbl");
    bytes.fill(0xff, index + 8, index + 400);

    expect(["damaged", "truncated", "no_frames", "no_video"]).toContain(
      (await reasonFor(bytes)).reason,
    );
  });
});
