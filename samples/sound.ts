// The sample clip's sound: a soft chord throughout, a knock for every bounce of a rally.

import { BURSTS, CLIP_SECONDS } from "./rally.ts";

export const SAMPLE_RATE = 44_100;

/** 20 s of 16-bit mono PCM at {@link SAMPLE_RATE}. */
export function composeSound(): Int16Array {
  const samples = new Int16Array(CLIP_SECONDS * SAMPLE_RATE);
  for (let index = 0; index < samples.length; index++) {
    const time = index / SAMPLE_RATE;
    const fade = Math.min(1, time / 1.5, (CLIP_SECONDS - time) / 1.5);
    samples[index] = 32_000 * (chord(time) * 0.06 * fade + knock(time) * 0.25);
  }
  return samples;
}

/** Two slow chords of four bars, each note swelling at its own pace. */
function chord(time: number): number {
  const notes = time % 10 < 5 ? [220, 277.18, 329.63, 440] : [196, 246.94, 293.66, 392];
  let sum = 0;
  for (const [index, note] of notes.entries()) {
    const swell = 0.6 + 0.4 * Math.sin(time * (0.5 + index * 0.17) + index);
    sum += Math.sin(2 * Math.PI * note * time) * swell;
  }
  const intoChord = time % 5;
  return sum * Math.min(1, intoChord * 4, (5 - intoChord) * 4);
}

/** A short wooden knock three times a second while a burst lasts. */
function knock(time: number): number {
  const burst = BURSTS.find(([start, end]) => time >= start && time < end);
  if (burst === undefined) return 0;
  const since = (time - burst[0]) % (1 / 3);
  return Math.sin(2 * Math.PI * 320 * since) * Math.exp(-since * 60);
}
