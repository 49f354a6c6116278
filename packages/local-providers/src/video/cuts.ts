import { areNext, type Sample } from "./activity.ts";
import { changeBetween } from "./change.ts";
import { largest } from "./statistics.ts";

/** From a picture to one behind a cut the mean cell changes by so much at least. */
const LEAST_CHANGE = 6;
/** And by so many times as much as at any other step nearby. */
const LEAST_RISE = 3;
/** Steps to either side that are looked at for comparison. */
const NEARBY = 4;

/**
 * Times at which the picture becomes another one at once: not the one before at another
 * brightness, and more by far than from picture to picture around it.
 */
export function findPossibleCuts(samples: readonly Sample[]): number[] {
  const steps = samples.map(({ cells }, index) => {
    const before = samples[index - 1];
    if (before === undefined || !areNext(samples, index - 1)) return 0;
    // Out of black or white anything would come unforeseen.
    return Math.min(
      changeBetween(before.cells, cells, before.cells).mean,
      changeBetween(cells, before.cells, cells).mean,
    );
  });
  return samples.flatMap(({ start }, index) => {
    const step = steps[index] ?? 0;
    if (step < LEAST_CHANGE) return [];
    const nearby = steps.slice(Math.max(0, index - NEARBY), index + NEARBY + 1);
    nearby.splice(Math.min(index, NEARBY), 1);
    return step >= LEAST_RISE * largest(nearby) ? [start] : [];
  });
}
