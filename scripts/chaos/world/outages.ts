import type { Stage } from "@sideline/contracts";

/** Times in which a stage could not be claimed: an item that waited through one is not late. */
export interface Outages {
  /**
   * Notes one that begins now.
   * @param stages whose; default all
   * @returns to be called when it is over; it may be over only some milliseconds later
   */
  begin(stages?: readonly Stage[]): (afterMs?: number) => void;
  /** Milliseconds of a stage's outages between two times. */
  during(stage: Stage, from: number, to: number): number;
}

export function createOutages(): Outages {
  const intervals: { stages: readonly Stage[] | undefined; from: number; to: number }[] = [];
  return {
    begin(stages) {
      const interval = { stages, from: Date.now(), to: Number.POSITIVE_INFINITY };
      intervals.push(interval);
      return (afterMs = 0) => {
        interval.to = Date.now() + afterMs;
      };
    },
    during(stage, from, to) {
      const within = intervals
        .filter(({ stages }) => stages?.includes(stage) ?? true)
        .map((one) => ({ from: Math.max(one.from, from), to: Math.min(one.to, to) }))
        .filter((one) => one.to > one.from)
        .sort((a, b) => a.from - b.from);
      let total = 0;
      let reached = from;
      for (const one of within) {
        total += Math.max(0, one.to - Math.max(one.from, reached));
        reached = Math.max(reached, one.to);
      }
      return total;
    },
  };
}
