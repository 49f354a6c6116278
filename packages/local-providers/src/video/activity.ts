import { type Change, changeBetween } from "./change.ts";
import { type Edit, showings } from "./edit-list.ts";
import type { GroupedPicture } from "./pictures/picture.ts";

/** Seconds between pictures that are looked at, where there are so many. */
export const PICTURE_STEP = 0.125;
/** Seconds to the pictures that one is held against: something that moves slowly has got on by then. */
const REACH = 0.24;
const FURTHEST_REACH = 0.5;

/** A picture as a player shows it. Seconds of the player's time. */
export interface Sample {
  start: number;
  end: number;
  cells: Uint8Array;
  /** Null where no pictures lie on both sides, near enough: no sample is no rest. */
  change: Change | null;
  /** From the picture before it, as the few cells that change most do; null where that is of another group. */
  step: number | null;
}

/**
 * Pictures where `edits` show them, and how much each changes. Those further apart than `mostGap` tell
 * nothing of what lies between: the first then `lasts` for so long. Seconds of the track's own time.
 */
export function sampleActivity(
  pictures: readonly GroupedPicture[],
  edits: readonly Edit[],
  { mostGap, lasts }: { mostGap: number; lasts: number },
): Sample[] {
  const samples: Sample[] = [];
  for (const [index, { time, cells, group }] of pictures.entries()) {
    const before = pictures[index - 1];
    const step =
      before?.group === group ? changeBetween(before.cells, cells, before.cells).top : null;
    const next = pictures[index + 1]?.time ?? Number.POSITIVE_INFINITY;
    const end = next - time <= mostGap ? next : time + lasts;
    for (const showing of showings(edits, time, end))
      samples.push({ ...showing, cells, change: null, step });
  }
  samples.sort((a, b) => a.start - b.start);
  for (const [index, sample] of samples.entries()) sample.change = changeAt(samples, index);
  spreadToEnds(samples);
  return samples;
}

function changeAt(samples: readonly Sample[], index: number): Change | null {
  const near = changeOver(samples, index, reached(samples, index, -1), reached(samples, index, 1));
  if (near === null) return null;
  // What swings is where it was, at one distance or the other.
  const [before, behind] = [reached(samples, index, -1) - 1, reached(samples, index, 1) + 1];
  const reach = (samples[behind]?.start ?? 0) - (samples[before]?.start ?? Number.NaN);
  const far = reach <= 2 * FURTHEST_REACH ? changeOver(samples, index, before, behind) : null;
  return far === null || far.top <= near.top ? near : far;
}

/** The first sample in a direction that is far enough away. */
function reached(samples: readonly Sample[], from: number, direction: 1 | -1): number {
  const start = samples[from]?.start ?? 0;
  let index = from + direction;
  while (Math.abs((samples[index]?.start ?? Number.NaN) - start) < REACH) index += direction;
  return index;
}

function changeOver(
  samples: readonly Sample[],
  index: number,
  before: number,
  behind: number,
): Change | null {
  const [first, middle, last] = [samples[before], samples[index], samples[behind]];
  if (first === undefined || middle === undefined || last === undefined) return null;
  for (let at = before; at < behind; at++) if (!areNext(samples, at)) return null;
  return changeBetween(first.cells, middle.cells, last.cells);
}

/** Whether a player shows the sample behind this one when this one ends. */
export function areNext(samples: readonly Sample[], index: number): boolean {
  const [sample, next] = [samples[index], samples[index + 1]];
  return sample !== undefined && next !== undefined && next.start - sample.end < 1e-3;
}

/** The pictures at an end have others on one side only: they are like those beside them. */
function spreadToEnds(samples: Sample[]): void {
  for (const order of [[...samples.keys()], [...samples.keys()].reverse()]) {
    let last: Sample | undefined;
    for (const index of order) {
      const sample = samples[index];
      if (sample === undefined) continue;
      const near =
        last !== undefined &&
        Math.abs(sample.start - last.start) <=
          Math.max(REACH + PICTURE_STEP, last.end - last.start);
      if (sample.change !== null) last = sample;
      else if (near && last !== undefined) sample.change = last.change;
    }
  }
}
