import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCanvas, type ImageData, type SKRSContext2D } from "@napi-rs/canvas";
import type { FitMode } from "@sideline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bt709, codec, makeClip, pictureAt, picturesOf, read } from "../testing/clips.ts";
import { coachingOf, elementOf, jobOf } from "../testing/jobs.ts";
import { colourDistance, similarity } from "../testing/similarity.ts";
import { compose } from "./compose.ts";
import type { Job } from "./job.ts";

const fromRoot = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const rally = fromRoot("samples/rally.mp4");
const turned = fromRoot("packages/local-providers/test-media/rotated.mp4");
let directory: string;
const file = (name: string) => join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sideline-elements-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function render(said: Partial<Job>): Promise<ImageData[]> {
  const output = file(`${crypto.randomUUID()}.mp4`);
  await compose(jobOf({ output, ...said }), codec, () => undefined);
  return await picturesOf(output);
}

const one = async (said: Partial<Job>): Promise<ImageData> => {
  const [picture] = await render(said);
  if (!picture) throw new Error("Nothing was made.");
  return picture;
};

/** "red", "blue", "black" or "white": which of these a point is closest to. */
function colourAt({ data, width }: ImageData, x: number, y: number): string {
  const at = (y * width + x) * 4;
  const [r = 0, g = 0, b = 0] = data.subarray(at, at + 3);
  if (Math.max(r, g, b) < 70) return "black";
  if (Math.min(r, g, b) > 180) return "white";
  return r > b ? "red" : "blue";
}

describe("a portrait clip in a landscape frame", () => {
  const width = 90;
  const height = 160;
  beforeAll(() =>
    makeClip({
      file: file("portrait.mp4"),
      width,
      height,
      fps: 15,
      frames: 1,
      draw(context) {
        context.fillStyle = "#ff0000";
        context.fillRect(0, 0, width, height / 2);
        context.fillStyle = "#0000ff";
        context.fillRect(0, height / 2, width, height / 2);
      },
    }),
  );

  /** At the left edge, in the middle's upper and lower half, near the upper and lower edge. */
  const points = [
    [5, 60],
    [160, 80],
    [160, 100],
    [160, 30],
    [160, 170],
  ] as const;

  test.each<[FitMode, string[]]>([
    ["contain", ["black", "red", "blue", "red", "blue"]],
    ["auto", ["black", "red", "blue", "red", "blue"]],
    ["cover", ["red", "red", "blue", "red", "blue"]],
    ["fill", ["red", "red", "blue", "red", "blue"]],
    ["stretch", ["red", "red", "blue", "red", "blue"]],
  ])("%s", async (fit_mode, colours) => {
    const files = { "raw/clip": file("portrait.mp4") };
    const picture = await one({ files, elements: [elementOf({ fit_mode })] });

    expect(points.map(([x, y]) => colourAt(picture, x, y))).toEqual(colours);
    // Its numbers are on the upper eighth: cut off by cover, and squeezed by fill.
    const top = colourAt(picture, 160, 10);
    expect(top).toBe(fit_mode === "cover" ? "red" : "black");
  });
});

test("a clip that lies on its side is turned upright, in a frame of its own shape", async () => {
  const expected = await read(turned, async ({ pictures }) => {
    if (!pictures) throw new Error("The test clip has no picture.");
    expect(pictures.rotation).not.toBe(0);
    const canvas = createCanvas(pictures.size.width, pictures.size.height);
    const context = canvas.getContext("2d");
    for await (const picture of pictures.from(0)) {
      const { width, height } = picture;
      const lying = createCanvas(width, height);
      const pixels = lying.getContext("2d").createImageData(width, height);
      pixels.data.set(await picture.toRgba(picture));
      lying.getContext("2d").putImageData(pixels, 0, 0);
      context.translate(canvas.width / 2, canvas.height / 2);
      context.rotate((pictures.rotation * Math.PI) / 180);
      context.drawImage(lying, -width / 2, -height / 2);
      picture.close();
      break;
    }
    return context.getImageData(0, 0, canvas.width, canvas.height);
  });
  const size = Math.min(expected.width, expected.height);
  const picture = await one({
    options: { shape: "source", size },
    files: { "raw/clip": turned },
    coaching: coachingOf({ remarks: [] }),
  });

  expect(similarity(picture, expected)).toBeGreaterThan(0.98);
});

describe("colours are kept", () => {
  const words = { element_type: "text" as const, bucket: null, path: null, text: "42" };
  const corner = { layer: 1, x: 300, y: 160, width: 20, height: 20 };
  const over = elementOf({ id: 2, ...words, ...corner });

  test.each([
    ["in a frame that nothing is drawn on", []],
    ["in one that something small is drawn on", [over]],
  ])("%s: SSIM of 0.99", async (_, others) => {
    const clip = elementOf({ duration_seconds: 0.1, trim_start_seconds: 5 });
    const files = { "raw/clip": rally };
    const large = { width: 640, height: 360, fps: 30 };
    const picture = await one({ ...large, files, elements: [clip, ...others] });
    const source = await pictureAt(rally, 5);

    expect(similarity(picture, source)).toBeGreaterThan(0.99);
    expect(colourDistance(picture, source)).toBeLessThan(2);
  });

  test("of a clip that names them, names included", async () => {
    const colours = ["#ff0000", "#00ff00", "#0000ff", "#ffff00", "#ff00ff", "#00ffff"];
    const draw = (context: SKRSContext2D) => {
      colours.forEach((colour, at) => {
        context.fillStyle = colour;
        context.fillRect(at * 54, 0, 54, 180);
      });
    };
    const clip = await makeClip({
      file: file("tagged.mp4"),
      width: 320,
      height: 180,
      fps: 15,
      frames: 1,
      draw,
    });
    const output = file("kept.mp4");
    const job = jobOf({ output, files: { "raw/clip": clip }, elements: [elementOf({}), over] });
    await compose(job, codec, () => undefined);
    const [was] = await picturesOf(clip);
    const [is] = await picturesOf(output);
    if (!was || !is) throw new Error("Nothing was made.");

    expect(await read(output, async ({ pictures }) => pictures?.colour)).toEqual(bt709);
    expect(colourDistance(is, was)).toBeLessThan(3);
    // What the clip itself was drawn with.
    const [red] = [...is.data.subarray((100 * 320 + 27) * 4, (100 * 320 + 27) * 4 + 3)].map(
      (v) => v > 240,
    );
    expect(red).toBe(true);
  });
});

test("layers, positions, opacity, times and the background", async () => {
  const canvas = createCanvas(10, 10);
  canvas.getContext("2d").fillStyle = "#ff0000";
  canvas.getContext("2d").fillRect(0, 0, 10, 10);
  await writeFile(file("red.png"), canvas.toBuffer("image/png"));
  const image = {
    element_type: "image" as const,
    bucket: "assets",
    path: "red",
    fit_mode: "fill" as const,
  };
  const pictures = await render({
    options: { background: "#ffffff", duration_seconds: 1 },
    files: { "assets/red": file("red.png") },
    elements: [
      elementOf({
        id: 1,
        ...image,
        x: 0,
        y: 0,
        width: 100,
        height: 100,
        start_seconds: 0.4,
        duration_seconds: 0.2,
      }),
      elementOf({
        id: 2,
        ...image,
        element_type: "overlay",
        fit_mode: "auto",
        x: 200,
        y: 50,
        opacity: 0.5,
      }),
    ],
  });
  const seen = pictures.map((picture) => colourAt(picture, 50, 50));
  const faint = pictures[0]?.data.subarray((55 * 320 + 205) * 4, (55 * 320 + 205) * 4 + 3);

  expect(seen).toEqual(
    Array.from({ length: 15 }, (_, at) => (at >= 6 && at < 9 ? "red" : "white")),
  );
  expect([...(faint ?? [])].map((value) => Math.round(value / 32) * 32)).toEqual([256, 128, 128]);
  expect(pictures[0] && colourAt(pictures[0], 215, 55)).toBe("white");
});

test("a photograph that lies on its side is turned upright", async () => {
  const canvas = createCanvas(60, 30);
  const context = canvas.getContext("2d");
  context.fillStyle = "#ff0000";
  context.fillRect(0, 0, 30, 30);
  context.fillStyle = "#0000ff";
  context.fillRect(30, 0, 30, 30);
  const jpeg = canvas.toBuffer("image/jpeg");
  // Exif with one entry: orientation 6, a quarter to the right.
  const exif = Buffer.from(
    "ffe100224578696600004d4d002a00000008000101120003000000010006000000000000",
    "hex",
  );
  await writeFile(file("photo.jpg"), Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]));
  const files = { "assets/photo": file("photo.jpg") };
  const photo = { element_type: "image" as const, bucket: "assets", path: "photo" };
  const picture = await one({ files, elements: [elementOf({ ...photo, duration_seconds: 0.1 })] });

  expect(
    [
      [5, 90],
      [160, 45],
      [160, 135],
    ].map(([x = 0, y = 0]) => colourAt(picture, x, y)),
  ).toEqual(["black", "red", "blue"]);
});
