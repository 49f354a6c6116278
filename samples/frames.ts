// Turns the rally into raw frames, with the slight grain a camera would add: without it resting
// sections would compress to almost nothing, which no real recording does.

import { createCanvas } from "./canvas.ts";
import { BURSTS, drawCourt, drawPlayers } from "./rally.ts";

export interface FrameOptions {
  width: number;
  height: number;
  framesPerSecond: number;
  seconds: number;
  /** Largest change of a pixel by grain, 0 to 255. */
  grain: number;
  bursts?: typeof BURSTS;
}

/** Yields one rgb24 frame after the other. A frame is only valid until the next one is asked for. */
export function* renderFrames(options: FrameOptions): Generator<Uint8Array> {
  const { width, height, framesPerSecond, seconds, grain, bursts = BURSTS } = options;
  const court = createCanvas(width, height);
  drawCourt(court);
  const frame = createCanvas(width, height);
  const random = randomSource(20);
  for (let index = 0; index < seconds * framesPerSecond; index++) {
    frame.pixels.set(court.pixels);
    drawPlayers(frame, index / framesPerSecond, bursts);
    if (grain > 0) addGrain(frame.pixels, grain, random);
    yield frame.pixels;
  }
}

function addGrain(pixels: Uint8Array, grain: number, random: () => number): void {
  for (let at = 0; at < pixels.length; at += 3) {
    const change = (random() + random() - 1) * grain;
    for (let channel = 0; channel < 3; channel++) {
      const value = (pixels[at + channel] ?? 0) + change;
      pixels[at + channel] = Math.min(255, Math.max(0, value));
    }
  }
}

/** A seeded generator (xorshift32), 0 to 1: the same clip every time. */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
