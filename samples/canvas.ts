// A small anti-aliased RGB raster: just the shapes the sample clip needs, so that the clip can be
// made from nothing but this repository and ffmpeg.

/** Red, green and blue, 0 to 255 each. */
export type Colour = readonly [number, number, number];
export type Point = readonly [x: number, y: number];

/** A picture of `width` × `height` pixels, three bytes a pixel, as ffmpeg's rgb24 expects. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export function createCanvas(width: number, height: number): Canvas {
  return { width, height, pixels: new Uint8Array(width * height * 3) };
}

/** Fills the whole picture from `top` to `bottom` with a vertical gradient. */
export function fillGradient(canvas: Canvas, top: Colour, bottom: Colour): void {
  for (let y = 0; y < canvas.height; y++) {
    const share = y / (canvas.height - 1);
    for (let x = 0; x < canvas.width; x++) {
      const at = (y * canvas.width + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const from = top[channel] ?? 0;
        canvas.pixels[at + channel] = from + ((bottom[channel] ?? 0) - from) * share;
      }
    }
  }
}

/** Draws a line with round ends; with `from` equal to `to`, a disc. `radius` is half its width. */
export function drawStroke(
  canvas: Canvas,
  from: Point,
  to: Point,
  radius: number,
  colour: Colour,
  opacity = 1,
): void {
  const left = Math.max(0, Math.floor(Math.min(from[0], to[0]) - radius - 1));
  const right = Math.min(canvas.width - 1, Math.ceil(Math.max(from[0], to[0]) + radius + 1));
  const top = Math.max(0, Math.floor(Math.min(from[1], to[1]) - radius - 1));
  const bottom = Math.min(canvas.height - 1, Math.ceil(Math.max(from[1], to[1]) + radius + 1));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const cover = opacity * clamp(radius + 0.5 - distanceToSegment(x, y, from, to));
      if (cover > 0) blend(canvas, (y * canvas.width + x) * 3, colour, cover);
    }
  }
}

function blend(canvas: Canvas, at: number, colour: Colour, cover: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const before = canvas.pixels[at + channel] ?? 0;
    canvas.pixels[at + channel] = before + ((colour[channel] ?? 0) - before) * cover;
  }
}

function distanceToSegment(x: number, y: number, from: Point, to: Point): number {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : clamp(((x - from[0]) * dx + (y - from[1]) * dy) / length);
  return Math.hypot(x - from[0] - along * dx, y - from[1] - along * dy);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
