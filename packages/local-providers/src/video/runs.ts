/** A stretch of a series, in indices: `[start, end)`. */
export interface Run {
  start: number;
  end: number;
}

/** The longest stretches of indices below `count` that are all wanted, and each next to the one before. */
export function runsOf(
  count: number,
  isWanted: (index: number) => boolean,
  isNext: (index: number) => boolean,
): Run[] {
  const runs: Run[] = [];
  for (let index = 0; index < count; index++) {
    if (!isWanted(index)) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.end === index && isNext(index)) last.end = index + 1;
    else runs.push({ start: index, end: index + 1 });
  }
  return runs;
}

/** Makes one run of neighbours that belong together. */
export function joinRuns(
  runs: readonly Run[],
  belongTogether: (last: Run, next: Run) => boolean,
): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last !== undefined && belongTogether(last, run)) last.end = run.end;
    else joined.push({ ...run });
  }
  return joined;
}
