/** A stretch of a series, in indices: `[start, end)`. */
export interface Run {
  start: number;
  end: number;
}

/** The longest stretches whose values all reach `threshold`. A missing value reaches nothing. */
export function runsAbove(values: readonly (number | null)[], threshold: number): Run[] {
  const runs: Run[] = [];
  for (const [index, value] of values.entries()) {
    if (value === null || value < threshold) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.end === index) last.end = index + 1;
    else runs.push({ start: index, end: index + 1 });
  }
  return runs;
}

/** Makes one run of those with a gap shorter than `gap` between them. */
export function joinRuns(runs: readonly Run[], gap: number): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last !== undefined && run.start - last.end < gap) last.end = run.end;
    else joined.push({ ...run });
  }
  return joined;
}
