import { readFile, stat } from "node:fs/promises";
import { type Canvas, createCanvas, Image } from "@napi-rs/canvas";
import { limits } from "@sideline/contracts";
import { imageSize } from "image-size";
import type { Size } from "../plan/place.ts";
import { RenderError } from "../render-error.ts";
import { isWhole } from "./whole.ts";

/** What is decoded at all: no SVG, which can name other files. */
const kinds = new Set(["png", "jpg", "webp", "gif"]);

/** Size of a stored picture, from its head: nothing is decoded. Throws RenderError. */
export async function sizeOfStill(file: string): Promise<Size> {
  const { size } = await stat(file);
  if (size > limits.assetBytes) {
    throw new RenderError("element_too_large", `a picture of ${size} bytes`);
  }
  const bytes = await readFile(file);
  let found: ReturnType<typeof imageSize>;
  try {
    found = imageSize(bytes);
  } catch (error) {
    throw new RenderError("element_unreadable", "no picture", error);
  }
  const { width, height, orientation = 1, type = "" } = found;
  if (!kinds.has(type))
    throw new RenderError("element_unreadable", "a kind of picture we do not read");
  if (Math.max(width, height) > limits.pictureSide) {
    throw new RenderError("element_too_large", `a picture of ${width} by ${height} pixels`);
  }
  if (!isWhole(bytes, type)) throw new RenderError("element_unreadable", "a damaged picture");
  // A camera held upright says so, and leaves the picture lying; it is decoded upright.
  return orientation > 4 ? { width: height, height: width } : { width, height };
}

/** A stored picture at this size. The size was looked at before. Throws RenderError. */
export async function drawStill(file: string, size: Size): Promise<Canvas> {
  const image = new Image();
  const loaded = new Promise<void>((resolve, reject) => {
    image.onload = () => resolve();
    image.onerror = reject;
  });
  image.src = await readFile(file);
  await loaded.catch((error: unknown) => {
    throw new RenderError("element_unreadable", "a damaged picture", error);
  });
  const canvas = createCanvas(size.width, size.height);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, size.width, size.height);
  return canvas;
}
