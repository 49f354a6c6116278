import { createCanvas, ImageData, type SKRSContext2D } from "@napi-rs/canvas";
import type { Picture, Pictures } from "../codec/codec.ts";
import type { Box, Size } from "../plan/place.ts";

/**
 * Share of the time between two made pictures by which one may come early. Cameras are not
 * punctual: of pictures a little late some would be shown twice and others not at all.
 */
const early = 0.4;

export interface MovingPicture {
  pictures: Pictures;
  /**
   * The picture that is seen at this second, which never goes back. Before the first it is the
   * first, after the last the last.
   */
  at(seconds: number): Promise<Picture>;
  /** Draws it turned upright into the place. */
  draw(context: SKRSContext2D, place: Box): Promise<void>;
  close(): Promise<void>;
}

/** Plays a video once, from this second on, holding one picture and the next. */
export function playPictures(pictures: Pictures, start: number, fps: number): MovingPicture {
  const coming = pictures.from(start)[Symbol.asyncIterator]();
  let current: Picture | null = null;
  let next: Picture | null = null;
  let isOver = false;
  const canvas = createCanvas(1, 1);
  let drawn: Picture | null = null;

  const step = async (): Promise<void> => {
    const { value, done } = await coming.next();
    isOver = done === true;
    next = done ? null : value;
  };
  return {
    pictures,
    async at(seconds) {
      if (!current && !isOver) {
        await step();
        current = next;
        await step();
      }
      while (next && next.timestamp <= seconds + early / fps) {
        current?.close();
        current = next;
        await step();
      }
      if (!current) throw new Error("A video ended before its first picture.");
      return current;
    },
    async draw(context, place) {
      if (!current) return;
      const turned = pictures.rotation % 180 !== 0;
      const lying = turned ? { width: place.height, height: place.width } : place;
      if (drawn !== current) {
        const size = noLarger(lying, current);
        if (canvas.width !== size.width) canvas.width = size.width;
        if (canvas.height !== size.height) canvas.height = size.height;
        const pixels = new ImageData(await current.toRgba(size), size.width, size.height);
        canvas.getContext("2d").putImageData(pixels, 0, 0);
        drawn = current;
      }
      context.save();
      context.translate(place.x + place.width / 2, place.y + place.height / 2);
      context.rotate((pictures.rotation * Math.PI) / 180);
      context.drawImage(canvas, -lying.width / 2, -lying.height / 2, lying.width, lying.height);
      context.restore();
    },
    async close() {
      current?.close();
      next?.close();
      current = next = null;
      isOver = true;
      await coming.return?.();
    },
  };
}

/** Making it larger is left to the drawing: nobody's crop becomes a canvas of any size. */
function noLarger(wanted: Size, source: Size): Size {
  if (wanted.width <= source.width && wanted.height <= source.height) {
    return { width: wanted.width, height: wanted.height };
  }
  return { width: source.width, height: source.height };
}
