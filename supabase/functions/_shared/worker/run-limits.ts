/**
 * What one run may do. A hosted call has 150 seconds to answer and two seconds of CPU; what is left
 * over is for the next call.
 */
export interface RunLimits {
  /** After this many milliseconds nothing more is claimed. */
  budgetMs: number;
  /** Then running items have this long to finish. */
  graceMs: number;
  /** Items that are claimed in all, but for the rest of the last batch. */
  items: number;
  /** Bytes of videos that pass through. */
  bytes: number;
}

/**
 * Leases are released before the platform would end the isolate. An item costs up to 10 ms of CPU,
 * 100 MB some 250 ms and more where they are encrypted: docs/operations.md has the measurements.
 */
export const runLimits: RunLimits = {
  budgetMs: 90_000,
  graceMs: 35_000,
  items: 64,
  bytes: 128 * 1024 * 1024,
};

/** What a run has left of its limits. */
export interface Allowance {
  /** Whether so many bytes more may pass; they count as passed if so. */
  mayPass(bytes: number): boolean;
  /** Counts items that were claimed. */
  claimed(items: number): void;
  /** Whether nothing more may be begun. */
  isSpent(): boolean;
}

export function allowanceOf(limits: Pick<RunLimits, "items" | "bytes">): Allowance {
  let { items, bytes } = limits;
  let wasRefused = false;
  return {
    mayPass(wanted) {
      if (wanted > bytes) {
        wasRefused = true;
        return false;
      }
      bytes -= wanted;
      return true;
    },
    claimed(count) {
      items -= count;
    },
    isSpent: () => items <= 0 || wasRefused,
  };
}
