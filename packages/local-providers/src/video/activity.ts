import { median } from "./statistics.ts";

/** Seconds of one window. Shorter ones are noise, longer ones blur the ends of a burst. */
export const WINDOW_SECONDS = 0.5;

/** One compressed frame: time in seconds, size in bytes. */
export interface Frame {
  time: number;
  bytes: number;
  isKey: boolean;
}

/**
 * Sums frames into windows of {@link WINDOW_SECONDS} without keeping them, so that an hour of video
 * costs a few thousand numbers. Frames may come in any order.
 *
 * Only delta frames count: their compressed size is what the encoder could not predict from other
 * frames, which is mostly movement. A keyframe's size is the picture's detail.
 */
export class ActivityWindows {
  readonly #bytes: number[] = [];
  readonly #frames: number[] = [];

  add(frame: Frame): void {
    if (frame.isKey || frame.time < 0) return;
    const index = Math.floor(frame.time / WINDOW_SECONDS);
    this.#bytes[index] = (this.#bytes[index] ?? 0) + frame.bytes;
    this.#frames[index] = (this.#frames[index] ?? 0) + 1;
  }

  /**
   * Mean bytes of a delta frame in each whole window of `duration` seconds. A window without delta
   * frames takes its predecessor's value. A last window too short to judge is left out.
   */
  series(duration: number): number[] {
    const whole = Math.floor((duration + WINDOW_SECONDS / 2) / WINDOW_SECONDS);
    const means: number[] = [];
    for (let index = 0; index < whole; index++) {
      const frames = this.#frames[index] ?? 0;
      const before = means.at(-1);
      if (frames > 0) means.push((this.#bytes[index] ?? 0) / frames);
      else means.push(before ?? 0);
    }
    return means;
  }
}

/** A running median of three: one large window alone (a flash, a late correction) is no movement. */
export function withoutSpikes(series: readonly number[]): number[] {
  return series.map((value, index) => {
    const before = series[index - 1];
    const after = series[index + 1];
    return before === undefined || after === undefined ? value : median([before, value, after]);
  });
}
