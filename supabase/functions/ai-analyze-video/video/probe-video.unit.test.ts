import { describe, expect, test } from "vitest";
import { StageError } from "../../_shared/errors.ts";
import { sampleClip, testClip } from "../../_shared/testing/recordings.ts";
import type { ByteSource } from "./byte-source.ts";
import { probeVideo } from "./probe-video.ts";

/** A file in memory. */
function sourceOf(bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return { size: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
}

const joined = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((p) => [...p]));
const clip = await sampleClip();
const live = await testClip("live.webm");
const indexLast = await testClip("index-last.mp4");
const soundOnly = await testClip("audio-only.mp4");

async function faultOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const error: unknown = await probeVideo(sourceOf(bytes)).then(
    (probed) => probed.mimeType,
    (thrown: unknown) => thrown,
  );
  return error instanceof StageError ? `${error.code}: ${error.message}` : String(error);
}

describe("probeVideo", () => {
  test.each([
    ["still.mp4", "video/mp4", 10],
    ["index-last.mp4", "video/mp4", 10],
    ["fragmented.mp4", "video/mp4", 10],
    ["hevc.mp4", "video/mp4", 10],
    ["quicktime.mov", "video/mov", 10],
  ])("measures %s", async (name, mimeType, seconds) => {
    const probed = await probeVideo(sourceOf(await testClip(name)));

    expect(probed.mimeType).toBe(mimeType);
    expect(probed.seconds).toBeCloseTo(seconds, 0);
  });

  test.each([
    ["a fragmented file's header that counts its first frames", "fragmented.mp4", 146],
    ["a header that leaves it open with zero", "fragmented.mp4", 0],
    ["a header that leaves it open with all bits", "still.mp4", 0xffffffff],
  ])("measures the length in spite of %s", async (_what, name, ticks) => {
    const bytes = await testClip(name);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const headers = { mvhd: 20, tkhd: 24, mdhd: 20 };
    for (const [type, at] of Object.entries(headers)) {
      view.setUint32(Buffer.from(bytes).indexOf(type) + at, ticks);
    }

    expect((await probeVideo(sourceOf(bytes))).seconds).toBeCloseTo(10, 0);
  });

  test("leaves the length of many fragments to the provider", async () => {
    const fragments = await testClip("fragmented.mp4");
    const junk = joined(fragments, Uint8Array.of(0, 0, 0, 0, 0x66, 0x72, 0x65, 0x65));
    const source = { ...sourceOf(junk), size: 100_000_000 };
    const read: number[] = [];

    const probed = await probeVideo({
      ...source,
      async read(start, end) {
        read.push(end - start);
        const bytes = new Uint8Array(end - start);
        bytes.set(junk.subarray(start, end));
        return bytes;
      },
    });

    expect(probed.seconds).toBeNull();
    expect(read.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(5_000_000);
  });

  test("takes the length that a header names, as its edits say", async () => {
    const bytes = await testClip("still.mp4");
    const header = Buffer.from(bytes).indexOf("mvhd");
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    view.setUint32(header + 20, 23 * view.getUint32(header + 16));

    expect((await probeVideo(sourceOf(bytes))).seconds).toBe(23);
  });

  test.each([0, 8, 1000])(
    "leaves a WebM's length to the provider, with %d zeros behind it",
    async (zeros) => {
      const bytes = joined(live, new Uint8Array(zeros));

      expect(await probeVideo(sourceOf(bytes))).toEqual({ mimeType: "video/webm", seconds: null });
    },
  );

  test("does not mind what stands behind the media", async () => {
    const junk = new TextEncoder().encode("junk of another program ".repeat(40));

    expect(await faultOf(joined(clip, junk))).toBe("video/mp4");
    expect(await faultOf(joined(clip, new Uint8Array(1000)))).toBe("video/mp4");
    expect(await faultOf(clip.subarray(0, clip.length - 2000))).toBe("video/mp4");
  });

  test.each([
    ["half of it", clip.subarray(0, clip.length / 2), /cut off/],
    ["its first kilobytes", clip.subarray(0, 3000), /cut off/],
    ["sound alone", soundOnly, /sound only/],
    ["a head without a body", clip.subarray(0, 24), /cut off/],
    ["junk with a good name", joined(clip.subarray(0, 32), new Uint8Array(5000)), /cut off/],
    ["Matroska", Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3, 0x42, 0x82, 0x88, 0x6d), /save it as MP4/],
    ["text", new TextEncoder().encode("no video ".repeat(100)), /not a video/],
    [
      "an AVI",
      joined(new TextEncoder().encode("RIFF\u0001\u0002\u0003\u0004AVI LIST")),
      /save it as MP4/,
    ],
  ])("says of %s what is wrong", async (_what, bytes, sentence) => {
    expect(await faultOf(bytes)).toMatch(sentence);
  });

  test("a storage that is away is no damaged video", async () => {
    const away = new StageError("internal_error", "defer");
    const whole = sourceOf(indexLast);
    const source: ByteSource = {
      size: whole.size,
      read: (start, end) =>
        start === 0 && end <= 4096 ? whole.read(start, end) : Promise.reject(away),
    };

    await expect(probeVideo(source)).rejects.toBe(away);
  });
});
