import { EncodedPacketSink } from "mediabunny";
import { describe, expect, test } from "vitest";
import { StageError } from "../../_shared/errors.ts";
import { matroskaOf, sourceOf } from "../../_shared/testing/matroska.ts";
import { sampleClip, testClip } from "../../_shared/testing/recordings.ts";
import type { ByteSource } from "./byte-source.ts";
import { openInput, probeVideo } from "./probe-video.ts";
import { remux } from "./remux.ts";

const joined = (...parts: Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((p) => [...p]));
const clip = await sampleClip();
const webm = await testClip("vp9.webm");
const soundOnly = await testClip("audio-only.mp4");
const { signal } = new AbortController();

async function faultOf(bytes: Uint8Array): Promise<string> {
  const error: unknown = await probeVideo(sourceOf(bytes)).then(
    (probed) => probed.container,
    (thrown: unknown) => thrown,
  );
  return error instanceof StageError ? `${error.code}: ${error.message}` : String(error);
}

describe("probeVideo", () => {
  test.each([
    ["still.mp4", "mp4", 10],
    ["index-last.mp4", "mp4", 10],
    ["fragmented.mp4", "mp4", 10],
    ["hevc.mp4", "mp4", 10],
    ["quicktime.mov", "quicktime", 10],
    ["vp9.webm", "webm", 10],
    ["live.webm", "webm", 10],
  ])("measures %s", async (name, container, seconds) => {
    const probed = await probeVideo(sourceOf(await testClip(name)));

    expect(probed.container).toBe(container);
    expect(probed.seconds).toBeCloseTo(seconds, 0);
  });

  test("does not mind what stands behind the media", async () => {
    const junk = new TextEncoder().encode("junk of another program ".repeat(40));

    expect(await faultOf(joined(clip, junk))).toBe("mp4");
    expect(await faultOf(joined(clip, new Uint8Array(1000)))).toBe("mp4");
    expect(await faultOf(clip.subarray(0, clip.length - 2000))).toBe("mp4");
  });

  test.each([
    ["half of it", clip.subarray(0, clip.length / 2), /cut off/],
    ["its first kilobytes", clip.subarray(0, 3000), /cut off/],
    ["sound alone", soundOnly, /sound only/],
    ["a head without a body", clip.subarray(0, 24), /cut off/],
    ["junk with a good name", joined(clip.subarray(0, 32), new Uint8Array(5000)), /cut off/],
    ["WebM without an end to its head", webm.subarray(0, 60), /damaged|not a/],
    ["text", new TextEncoder().encode("no video ".repeat(100)), /not a video/],
    ["an AVI", joined(new TextEncoder().encode("RIFF\u0001\u0002\u0003\u0004AVI LIST")), /use MP4/],
  ])("says of %s what is wrong", async (_what, bytes, sentence) => {
    expect(await faultOf(bytes)).toMatch(sentence);
  });

  test("a storage that is away is no damaged video", async () => {
    const away = new StageError("internal_error", "defer");
    const whole = sourceOf(webm);
    const source: ByteSource = {
      size: whole.size,
      read: (start, end) =>
        start === 0 && end <= 4096 ? whole.read(start, end) : Promise.reject(away),
    };

    await expect(probeVideo(source)).rejects.toBe(away);
  });
});

describe("remux", () => {
  test.each([
    ["H.264 as MP4", clip, "video/mp4", "mp4", 20],
    ["VP9 as WebM", webm, "video/webm", "webm", 10],
  ])("writes %s, picture for picture", async (_what, original, mimeType, container, seconds) => {
    const matroska = await matroskaOf(original);
    expect(await probeVideo(sourceOf(matroska))).toMatchObject({ container: "matroska" });

    const remuxed = await remux(sourceOf(matroska), seconds, signal);
    const bytes = await new Response(remuxed.body).bytes();

    expect(remuxed.mimeType).toBe(mimeType);
    const probed = await probeVideo(sourceOf(bytes));
    expect(probed.container).toBe(container);
    expect(probed.seconds).toBeCloseTo(seconds, 0);
    expect(await sizesOf(bytes)).toEqual(await sizesOf(original));
  });

  test("refuses what would take more computing than there is", async () => {
    const source = sourceOf(await matroskaOf(webm));

    await expect(remux(source, 601, signal)).rejects.toMatchObject({
      code: "mime_type_not_allowed",
      message: expect.stringContaining("10 minutes"),
    });
    await expect(remux({ ...source, size: 65 * 1024 * 1024 }, 10, signal)).rejects.toThrow(
      "64 MiB",
    );
  });

  test("is no shorter video when the storage goes away in the middle", async () => {
    // Too large for one read: the rest is asked for while it is written.
    const whole = sourceOf(await matroskaOf(clip, 100));
    const away = new StageError("internal_error", "defer");
    let asked = 0;
    const source: ByteSource = {
      size: whole.size,
      async read(start, end) {
        asked = Math.max(asked, start);
        // The index at the end is read first.
        if (start > whole.size / 2 && start < whole.size * 0.9) throw away;
        return await whole.read(start, end);
      },
    };

    const { body } = await remux(source, 20, signal);

    await expect(new Response(body).bytes()).rejects.toBe(away);
    expect(asked).toBeGreaterThan(whole.size / 2);
  });
});

async function sizesOf(bytes: Uint8Array): Promise<number[]> {
  const track = await openInput(sourceOf(bytes)).getPrimaryVideoTrack();
  const sizes: number[] = [];
  if (!track) return sizes;
  for await (const packet of new EncodedPacketSink(track).packets()) sizes.push(packet.byteLength);
  return sizes;
}
