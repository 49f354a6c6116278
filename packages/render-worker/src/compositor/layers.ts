import type { Canvas, SKRSContext2D } from "@napi-rs/canvas";
import type { Picture } from "../codec/codec.ts";
import { captionPlace, captionsOf } from "../picture/captions.ts";
import { drawLines, linesOf, linesWithin, padding, type TextStyle } from "../picture/draw-text.ts";
import { drawStill } from "../picture/still.ts";
import { clipTimeAt } from "../plan/clip-time.ts";
import { type Box, boxOf, placePicture, type Size } from "../plan/place.ts";
import { clipElement, type PlannedElement, type Timeline } from "../plan/timeline.ts";
import type { Job } from "./job.ts";
import { type MovingPicture, playPictures } from "./moving-picture.ts";
import type { Sources } from "./sources.ts";

/** Something that is seen for a while. */
export interface Layer {
  /** Seconds of the made video, end excluded. */
  from: number;
  to: number;
  /** The moving picture that is seen at this second; null for what does not move. */
  look(seconds: number): Promise<Picture | null>;
  /** Whether its pictures fill the frame and nothing is to be done to them. */
  fills: boolean;
  draw(context: SKRSContext2D): Promise<void>;
  close(): Promise<void>;
}

/** All layers, from the lowest to the highest. */
export function layersOf(job: Job, frame: Size, timeline: Timeline, sources: Sources): Layer[] {
  const whole = { x: 0, y: 0, ...frame };
  const layers: Layer[] = [];
  if (sources.clip?.pictures) {
    const moving = playPictures(sources.clip.pictures, 0, job.fps);
    const fit = clipElement(job)?.fit_mode ?? "auto";
    const place = placePicture(moving.pictures.size, whole, fit, "video");
    layers.push({
      ...movingLayer(moving, frame, place, whole, 1),
      from: 0,
      to: timeline.seconds,
      look: (seconds) => moving.at(clipTimeAt(timeline.pieces, seconds)),
    });
  }
  for (const planned of timeline.elements) {
    const layer = elementLayer(planned, frame, sources, job.fps);
    if (layer) layers.push(layer);
  }
  const captions = job.coaching ? captionsOf(timeline.remarks, job.coaching, frame) : [];
  for (const { from, to, draw } of captions) {
    layers.push({ from, to, ...stillLayer(draw, (canvas) => captionPlace(canvas, frame), 1) });
  }
  return layers;
}

function elementLayer(
  planned: PlannedElement,
  frame: Size,
  sources: Sources,
  fps: number,
): Layer | null {
  const { element, from, to, trim } = planned;
  const { element_type: type, fit_mode: fit } = element;
  if (type === "audio") return null;
  const still = sources.stills.get(element.id);
  const box = boxOf(element, frame, type === "overlay" ? still?.size : undefined);
  const opacity = element.opacity ?? 1;
  const pictures = sources.media.get(element.id)?.pictures;
  if (pictures) {
    const moving = playPictures(pictures, trim, fps);
    const place = placePicture(pictures.size, box, fit, type);
    const look = (seconds: number) => moving.at(trim + seconds - from);
    return { ...movingLayer(moving, frame, place, box, opacity), from, to, look };
  }
  if (still) {
    const place = placePicture(still.size, box, fit, type);
    const size =
      place.width * place.height > still.size.width * still.size.height ? still.size : place;
    const draw = () => drawStill(still.file, size);
    return { from, to, ...stillLayer(draw, () => place, opacity, box) };
  }
  return {
    from,
    to,
    ...stillLayer(
      () => drawWords(element, box),
      () => box,
      opacity,
    ),
  };
}

function movingLayer(moving: MovingPicture, frame: Size, place: Box, box: Box, opacity: number) {
  const { rotation } = moving.pictures;
  const fills =
    opacity === 1 &&
    rotation === 0 &&
    place.x === 0 &&
    place.y === 0 &&
    place.width === frame.width &&
    place.height === frame.height;
  return {
    fills,
    async draw(context: SKRSContext2D) {
      context.save();
      context.globalAlpha = opacity;
      clipTo(context, box);
      await moving.draw(context, place);
      context.restore();
    },
    close: () => moving.close(),
  };
}

/** Drawn when it is first seen, and forgotten afterwards. */
function stillLayer(
  make: () => Canvas | Promise<Canvas>,
  placeOf: (canvas: Canvas) => { x: number; y: number; width?: number; height?: number },
  opacity: number,
  box?: Box,
) {
  let canvas: Canvas | null = null;
  return {
    look: async () => null,
    fills: false,
    async draw(context: SKRSContext2D) {
      canvas ??= await make();
      const { x, y, width, height } = placeOf(canvas);
      context.save();
      context.globalAlpha = opacity;
      context.imageSmoothingQuality = "high";
      if (box) clipTo(context, box);
      context.drawImage(canvas, x, y, width ?? canvas.width, height ?? canvas.height);
      context.restore();
    },
    async close() {
      canvas = null;
    },
  };
}

function clipTo(context: SKRSContext2D, { x, y, width, height }: Box): void {
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
}

/** A text in its box. What does not fit is cut at the last whole line. */
function drawWords({ text, style }: PlannedElement["element"], box: Box): Canvas {
  const look: TextStyle = {
    size: style?.font_size ?? Math.max(12, Math.min(box.height * 0.5, box.width * 0.08)),
    weight: 600,
    color: style?.color ?? "#ffffff",
    background: style?.background ?? "#00000000",
    align: style?.align ?? "center",
  };
  const width = Math.max(look.size, box.width - 2 * padding(look));
  const lines = linesOf(text ?? "", "und", width, look);
  return drawLines(lines.slice(0, linesWithin(box.height, look)), look, box);
}
