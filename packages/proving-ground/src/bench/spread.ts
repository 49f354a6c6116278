/** Of the repeats of one measurement. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** @param values at least one; an even number has the lower of its two middle values as median */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: shareOf(sorted, 0.5),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  };
}

/** The value that `share` of the values do not exceed; one that occurred. */
export function percentile(values: readonly number[], share: number): number {
  return shareOf(
    values.toSorted((a, b) => a - b),
    share,
  );
}

function shareOf(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
