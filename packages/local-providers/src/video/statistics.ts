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

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** The middle of the steps between ascending times; null for fewer than two. */
export function usualGapOf(times: Float64Array): number | null {
  if (times.length < 2) return null;
  const gaps = times.subarray(1).map((time, index) => time - (times[index] ?? 0));
  return gaps.sort()[gaps.length >> 1] ?? null;
}
