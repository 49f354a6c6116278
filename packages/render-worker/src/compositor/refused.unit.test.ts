import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCanvas } from "@napi-rs/canvas";
import type { RenderElement } from "@sideline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeWav } from "../../../../supabase/functions/_shared/testing/make-wav.ts";
import { codec, makeClip } from "../testing/clips.ts";
import { coachingOf, elementOf, jobOf } from "../testing/jobs.ts";
import { compose } from "./compose.ts";

let directory: string;
const file = (name: string) => join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sideline-refused-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("what cannot be used ends with its code", () => {
  /** A picture of so many pixels that says so in its first bytes and holds nothing. */
  const bomb = (width: number, height: number) => {
    const bytes = Buffer.from(createCanvas(1, 1).toBuffer("image/png"));
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    return bytes;
  };
  beforeAll(async () => {
    await writeFile(file("words"), "This is not a video. ".repeat(100));
    await writeFile(file("bomb.png"), bomb(60_000, 60_000));
    await writeFile(file("cut.png"), createCanvas(50, 50).toBuffer("image/png").subarray(0, 60));
    const photo = createCanvas(50, 50);
    photo.getContext("2d").fillRect(9, 9, 9, 9);
    for (const kind of ["jpeg", "webp"] as const) {
      const whole = photo.toBuffer(`image/${kind}`);
      await writeFile(file(`cut.${kind}`), whole.subarray(0, whole.length - 3));
    }
    const bent = photo.toBuffer("image/png");
    bent.writeUInt8(bent.readUInt8(bent.length - 17) ^ 1, bent.length - 17);
    await writeFile(file("bent.png"), bent);
    await writeFile(file("sound.wav"), makeWav({ seconds: 1, amplitude: 0.4 }));
    await writeFile(
      file("page.svg"),
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    );
    await makeClip({ file: file("wide.mp4"), width: 4112, height: 16, fps: 15, frames: 1 });
  });

  test.each<[string, string, Partial<RenderElement>, string?]>([
    ["nothing at its path", "element_missing", {}, undefined],
    ["no video but words", "element_unreadable", {}, "words"],
    ["a picture as a video", "element_unreadable", {}, "bomb.png"],
    ["sound as a video", "element_unreadable", {}, "sound.wav"],
    ["a video wider than 4,096 pixels", "element_too_large", {}, "wide.mp4"],
    ["a bomb of a picture", "element_too_large", { element_type: "image" }, "bomb.png"],
    ["half a picture", "element_unreadable", { element_type: "image" }, "cut.png"],
    ["a photo without its end", "element_unreadable", { element_type: "image" }, "cut.jpeg"],
    ["a WebP without its end", "element_unreadable", { element_type: "image" }, "cut.webp"],
    ["a picture with a wrong bit", "element_unreadable", { element_type: "overlay" }, "bent.png"],
    ["an SVG", "element_unreadable", { element_type: "image" }, "page.svg"],
    ["words as an overlay", "element_unreadable", { element_type: "overlay" }, "words"],
    [
      "a beginning after the end of its source",
      "element_out_of_range",
      { element_type: "audio", trim_start_seconds: 2 },
      "sound.wav",
    ],
  ])("%s", async (_, code, said, name) => {
    const files: Record<string, string> = name ? { "raw/clip": file(name) } : {};
    const output = file(`${crypto.randomUUID()}.mp4`);
    const job = jobOf({
      output,
      files,
      elements: [elementOf({ id: 9, duration_seconds: 1, ...said })],
    });

    await expect(compose(job, codec, () => undefined)).rejects.toMatchObject({
      code,
      detail: expect.stringMatching(/element 9|picture/),
    });
  });

  test("what takes more memory than there is", async () => {
    const words = elementOf({ element_type: "text", bucket: null, path: null, text: "Hop." });
    const elements = [{ ...words, duration_seconds: 1 }];
    const job = jobOf({ output: file("much.mp4"), elements, memoryBytes: 1024 ** 2 });

    await expect(compose(job, codec, () => undefined)).rejects.toMatchObject({
      code: "out_of_memory",
    });
  });

  test("of the clip its owner reads what is read of recordings", async () => {
    const job = (files: Record<string, string>) =>
      compose(
        jobOf({ output: file("x.mp4"), files, coaching: coachingOf({}) }),
        codec,
        () => undefined,
      );

    await expect(job({})).rejects.toMatchObject({ code: "video_missing" });
    await expect(job({ "raw/clip": file("words") })).rejects.toMatchObject({
      code: "video_unreadable",
    });
  });
});
