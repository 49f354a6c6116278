/** The value below which `share` (0 to 1) of `sorted` lies, interpolated. `sorted` must ascend and hold a value. */
export function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError("quantile of no values");
  return below + (above - below) * (position - Math.floor(position));
}

export function median(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The largest value, or `least` where all are smaller: lists of any length. */
export function largest(values: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let found = least;
  for (const value of values) if (value > found) found = value;
  return found;
}

/** The standard deviation. */
export function spreadOf(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** The middle of the steps between ascending times; null for fewer than two. */
export function usualGapOf(times: Float64Array): number | null {
  if (times.length < 2) return null;
  const gaps = times.subarray(1).map((time, index) => time - (times[index] ?? 0));
  return gaps.sort()[gaps.length >> 1] ?? null;
}

export interface TwoClasses {
  /** Values at or above it belong to the upper class. */
  threshold: number;
  /** Share of the variance that the split explains, 0 to 1: 0.64 for a bell curve, near 1 for two clear groups. */
  separation: number;
}

/** Otsu's method over the values themselves: the split with the largest variance between classes. */
export function splitInTwo(values: readonly number[]): TwoClasses | null {
  const sorted = ascending(values);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  const centre = total / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - centre) ** 2, 0) / sorted.length;
  if (variance === 0) return null;

  let best: TwoClasses | null = null;
  let sumBelow = 0;
  for (const [index, value] of sorted.entries()) {
    const previous = sorted[index - 1];
    if (previous !== undefined && previous !== value) {
      const share = index / sorted.length;
      const meanBelow = sumBelow / index;
      const meanAbove = (total - sumBelow) / (sorted.length - index);
      const between = share * (1 - share) * (meanAbove - meanBelow) ** 2;
      const separation = between / variance;
      if (best === null || separation > best.separation) {
        best = { threshold: (previous + value) / 2, separation };
      }
    }
    sumBelow += value;
  }
  return best;
}
