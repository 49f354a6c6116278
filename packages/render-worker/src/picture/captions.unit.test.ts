import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { describe, expect, test } from "vitest";
import { coachingOf, remarkOf } from "../testing/jobs.ts";
import { similarity } from "../testing/similarity.ts";
import { captionsOf } from "./captions.ts";

const frame = { width: 640, height: 360 };
const remark = { feedbackId: 1, from: 2, spokenTo: 5, readTo: 6 };

function captions(message: string, language: string) {
  const remarks = [remarkOf({ message, language })];
  return captionsOf([remark], coachingOf({ captions: true, remarks }), frame);
}

/** Written anew by `UPDATE_PICTURES=1 npm test -- captions`; look at them then. */
const stored = (name: string) =>
  fileURLToPath(new URL(`../testing/pictures/${name}.png`, import.meta.url));

test.each([
  ["latin", "en-US", "Bend your knees before you push off: “soft”, then à fond."],
  ["arabic", "ar", "اثنِ ركبتيك قبل الانطلاق، ثم ارفع عينيك."],
  ["chinese", "zh-CN", "起跳之前弯曲膝盖，然后抬起眼睛。"],
  ["emoji", "en-US", "Great! 👍🏽 Keep going 🏃‍♀️🎾 for 🇩🇪"],
])("a caption in %s is the picture that is stored", async (name, language, message) => {
  const [caption] = captions(message, language);
  const drawn = caption?.draw();
  if (!drawn) throw new Error("There is no caption.");
  const { width, height } = drawn;
  // On grey: it lets what is under it shine through.
  const onGrey = (paint: (context: ReturnType<typeof grey>) => void) => {
    const context = grey(width, height);
    paint(context);
    return context.getImageData(0, 0, width, height);
  };
  if (process.env.UPDATE_PICTURES) {
    await writeFile(stored(name), drawn.toBuffer("image/png"));
  }
  const picture = await loadImage(stored(name));

  expect({ width: picture.width, height: picture.height }).toEqual({ width, height });
  const [is, was] = [
    onGrey((c) => c.drawImage(drawn, 0, 0)),
    onGrey((c) => c.drawImage(picture, 0, 0)),
  ];
  expect(similarity(is, was)).toBeGreaterThan(0.98);
});

function grey(width: number, height: number) {
  const context = createCanvas(width, height).getContext("2d");
  context.fillStyle = "#808080";
  context.fillRect(0, 0, width, height);
  return context;
}

describe("captionsOf", () => {
  test("a long remark is read in pages, each for its share of the time", () => {
    const pages = captions("Keep your weight low and your eyes on the ball. ".repeat(8), "en-US");

    expect(pages.length).toBeGreaterThan(2);
    expect(pages[0]?.from).toBe(2);
    expect(pages.at(-1)?.to).toBe(6);
    expect(pages.slice(1).map(({ from }) => from)).toEqual(pages.slice(0, -1).map(({ to }) => to));
    expect(pages.every(({ from, to }) => to > from)).toBe(true);
  });

  test("nothing is written that nobody asked for", () => {
    const quiet = coachingOf({ captions: false });

    expect(captionsOf([remark], quiet, frame)).toEqual([]);
  });
});
