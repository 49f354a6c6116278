import { createCanvas, ImageData, type SKRSContext2D } from "@napi-rs/canvas";
import type { Colour, Media, Picture } from "../codec/codec.ts";
import { ffmpeg } from "../codec/ffmpeg.ts";
import type { Size } from "../plan/place.ts";
import { channels, sampleRate } from "../sound/format.ts";

export const codec = ffmpeg();
export const bt709: Colour = { primaries: 1, transfer: 1, matrix: 1 };
const bits = 8;

export interface ClipOptions extends Size {
  file: string;
  fps: number;
  frames: number;
  format?: "mp4" | "webm";
  /** Beside the number of each frame, which is drawn over it. */
  draw?(context: SKRSContext2D, size: Size, frame: number): void;
  /** Hertz of a sound at half of full scale. */
  tone?: number;
}

/** A real clip; each of its frames shows its own number as a row of black and white boxes. */
export async function makeClip(options: ClipOptions): Promise<string> {
  const { file, width, height, fps, frames, tone, format = "mp4", draw } = options;
  const writer = await codec.write({
    file,
    format,
    width,
    height,
    fps,
    colour: bt709,
    sound: tone !== undefined,
  });
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  let heard = -writer.soundDelay;
  for (let frame = 0; frame < frames; frame++) {
    context.fillStyle = "#336699";
    context.fillRect(0, 0, width, height);
    draw?.(context, canvas, frame);
    for (let bit = 0; bit < bits; bit++) {
      context.fillStyle = (frame >> bit) & 1 ? "#ffffff" : "#000000";
      context.fillRect((bit * width) / bits, 0, width / bits, height / 8);
    }
    await writer.pixels(canvas.data());
    const until = Math.round(((frame + 1) / fps) * sampleRate) - writer.soundDelay;
    if (tone) await writer.sound(toneFrom(heard + 2 * writer.soundDelay, until - heard, tone));
    heard = until;
  }
  await writer.finish();
  return file;
}

/** The number of the frame that is seen in a picture which fills its frame. */
export function numberIn({ data, width, height }: ImageData): number {
  let number = 0;
  for (let bit = 0; bit < bits; bit++) {
    const x = Math.floor(((bit + 0.5) * width) / bits);
    const y = Math.floor(height / 16);
    if ((data[(y * width + x) * 4 + 1] ?? 0) > 127) number |= 1 << bit;
  }
  return number;
}

export async function read<T>(file: string, look: (media: Media) => Promise<T>): Promise<T> {
  const media = await codec.open(file);
  try {
    return await look(media);
  } finally {
    media.close();
  }
}

/** All pictures of a file, as they are stored. */
export function picturesOf(file: string): Promise<ImageData[]> {
  return read(file, async ({ pictures }) => {
    const all: ImageData[] = [];
    for await (const picture of pictures?.from(0) ?? []) all.push(await pixelsOf(picture));
    return all;
  });
}

/** The one that is seen at a second. */
export function pictureAt(file: string, seconds: number): Promise<ImageData> {
  return read(file, async ({ pictures }) => {
    for await (const picture of pictures?.from(seconds) ?? []) return await pixelsOf(picture);
    throw new Error(`There is no picture at ${seconds} s.`);
  });
}

async function pixelsOf(picture: Picture): Promise<ImageData> {
  const { width, height } = picture;
  const pixels = new Uint8ClampedArray(await picture.toRgba({ width, height }));
  picture.close();
  return new ImageData(pixels, width, height);
}

/** The left side of a file's sound, from a second on. */
export function soundOf(file: string, start = 0): Promise<Float32Array> {
  return read(file, async ({ sound }) => {
    const all: number[] = [];
    for await (const block of sound?.from(start) ?? []) {
      for (let at = 0; at < block.length; at += channels) all.push(block[at] ?? 0);
    }
    return Float32Array.from(all);
  });
}

/** How strong a tone is between two seconds: its amplitude. */
export function strengthOf(sound: Float32Array, hertz: number, from: number, to: number): number {
  const piece = sound.subarray(Math.round(from * sampleRate), Math.round(to * sampleRate));
  let sine = 0;
  let cosine = 0;
  piece.forEach((sample, at) => {
    sine += sample * Math.sin((2 * Math.PI * hertz * at) / sampleRate);
    cosine += sample * Math.cos((2 * Math.PI * hertz * at) / sampleRate);
  });
  return (2 * Math.hypot(sine, cosine)) / Math.max(1, piece.length);
}

/** Whole waves of the tones of tests fit in, so that one is not taken for another. */
const waves = 0.05;

/** The second at which a tone is first heard, to 5 ms: half of a window then has it. */
export function onsetOf(sound: Float32Array, hertz: number, after = 0): number {
  const count = Math.floor((sound.length / sampleRate - waves - after) / 0.005);
  const strengths = Array.from({ length: count }, (_, step) =>
    strengthOf(sound, hertz, after + step * 0.005, after + step * 0.005 + waves),
  );
  const half = Math.max(...strengths) / 2;
  return after + strengths.findIndex((strength) => strength > half) * 0.005 + waves / 2;
}

function toneFrom(start: number, count: number, hertz: number): Float32Array {
  const sound = new Float32Array(count * channels);
  for (let at = 0; at < count; at++) {
    const sample = 0.5 * Math.sin((2 * Math.PI * hertz * (start + at)) / sampleRate);
    sound.fill(sample, at * channels, (at + 1) * channels);
  }
  return sound;
}
