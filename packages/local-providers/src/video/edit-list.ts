/** A stretch of the player's time and what is shown in it. Seconds. */
export interface Edit {
  start: number;
  /** `Infinity` where the stretch lasts as long as its media. */
  length: number;
  /** Where in the track's own time it begins; null where nothing is shown. */
  mediaStart: number | null;
  /** Seconds of media in a second of the player's time; 0 holds one frame. */
  rate: number;
}

/** The edits of a track in the player's order, or that they are of a kind nobody could follow. */
export type EditList = readonly Edit[] | "unfollowable";

/** A stretch of time in which a frame is shown: `[start, end)`. Seconds. */
export interface Showing {
  start: number;
  end: number;
}

/**
 * When a player shows the frame that lasts from `time` to `end` in its track's own time: not at
 * all, once, or once in each edit that uses it.
 */
export function showings(edits: readonly Edit[], time: number, end: number): Showing[] {
  const shown: Showing[] = [];
  for (const { start, length, mediaStart, rate } of edits) {
    if (mediaStart === null) continue;
    if (rate === 0) {
      if (time <= mediaStart && mediaStart < end) shown.push({ start, end: start + length });
      continue;
    }
    const from = Math.max(time, mediaStart);
    const to = Math.min(end, mediaStart + length * rate);
    // A frame that merely touches an edit through rounding is not shown in it.
    if (to - from <= 1e-6) continue;
    shown.push({
      start: start + (from - mediaStart) / rate,
      end: start + (to - mediaStart) / rate,
    });
  }
  return shown;
}
