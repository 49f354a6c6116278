/** A promise, and whether the run saw it kept. */
export interface Finding {
  promise: string;
  kept: boolean;
  /** What was found instead; empty where it was kept. */
  detail: string;
}

/** A promise that no row of a query may break; the first few of those that do are shown. */
export function nothingBreaks(promise: string, rows: readonly object[]): Finding {
  const shown = rows.slice(0, 5).map((row) => JSON.stringify(row));
  const detail = rows.length === 0 ? "" : `${rows.length}: ${shown.join(", ")}`;
  return { promise, kept: rows.length === 0, detail };
}
