/** How much is measured. Times are milliseconds. */
export interface Sizes {
  repeats: number;
  /** Finished rows that lie in the tables before anything is measured. */
  history: number;
  /** Ready items at the start of each measurement of throughput. */
  depths: number[];
  windowMs: number;
  connections: number;
  batches: number[];
  latencyDepths: number[];
  /** Claims timed in each repeat and depth. */
  claims: number;
  holdMs: number;
  holdWindowMs: number;
  holdDepth: number;
  /** Rows in one insert. */
  enqueued: number;
}

export const fullSizes: Sizes = {
  repeats: 5,
  history: 300_000,
  depths: [20_000, 200_000],
  windowMs: 2_000,
  connections: 8,
  batches: [1, 100],
  latencyDepths: [1_000, 20_000, 200_000, 1_000_000],
  claims: 200,
  holdMs: 60_000,
  holdWindowMs: 5_000,
  holdDepth: 300_000,
  enqueued: 10_000,
};

/** Shows within seconds that everything still runs; its numbers say nothing. */
export const quickSizes: Sizes = {
  repeats: 1,
  history: 1_000,
  depths: [600],
  windowMs: 200,
  connections: 4,
  batches: [1, 100],
  latencyDepths: [100, 300],
  claims: 20,
  holdMs: 500,
  holdWindowMs: 200,
  holdDepth: 3_000,
  enqueued: 200,
};
