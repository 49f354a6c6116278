import type { Activity } from "./activity.ts";
import { largest, median } from "./statistics.ts";

/** A frame that is coded on its own. Time in seconds. */
export interface Keyframe {
  time: number;
  effort: number;
}

/** The longest list of cuts that is still believable; more of them mean another kind of stream. */
const MOST_CUTS_PER_MINUTE = 12;
/** Around a cut between calm pictures, a delta frame is at most so much of the new keyframe. */
const CALM_SHARE = 0.04;

/**
 * Times at which an encoder placed a keyframe before the next regular one was due, though the
 * frames around it were predicted well: the picture probably changed at once. Grain and quick
 * movement make encoders place early keyframes too, so nothing is said where delta frames are large
 * or there are none. A stream whose keyframes come at a fixed interval says nothing about cuts.
 *
 * `keyframes` ascend in time.
 */
export function findPossibleCuts(
  keyframes: readonly Keyframe[],
  { raw, step }: Pick<Activity, "raw" | "step">,
  duration: number,
): number[] {
  const gaps = gapsOf(keyframes);
  if (gaps.length === 0) return [];
  const longest = largest(gaps, duration - (keyframes.at(-1)?.time ?? 0));
  const early = keyframes.slice(1).filter((_, index) => (gaps[index] ?? 0) < 0.9 * longest);
  if (early.length === gaps.length && gaps.length > 2 && areAlike(gaps)) return [];
  const cuts = early.filter(({ time, effort }) => {
    const window = Math.floor(time / step);
    const around = [raw[window - 1], raw[window]].filter((value) => typeof value === "number");
    return around.length > 0 && largest(around) <= CALM_SHARE * effort;
  });
  const most = Math.max(2, (duration / 60) * MOST_CUTS_PER_MINUTE);
  return cuts.length > most ? [] : cuts.map(({ time }) => time);
}

/** Seconds from each keyframe to the next. */
function gapsOf(keyframes: readonly Keyframe[]): number[] {
  return keyframes.slice(1).map(({ time }, index) => time - (keyframes[index]?.time ?? 0));
}

/** Whether nearly all gaps are alike: a fixed interval, with the odd one at the end. */
function areAlike(gaps: readonly number[]): boolean {
  const middle = median(gaps);
  const alike = gaps.filter((gap) => Math.abs(gap - middle) <= 0.1 * middle);
  return alike.length >= 0.7 * gaps.length;
}
