/**
 * A run claims for 90 seconds and has 35 more to finish what it holds: an answer must come within
 * 150 seconds of the request. Leases are released before the platform would end the isolate.
 */
export const timeBudget = { budgetMs: 90_000, graceMs: 35_000 } as const;
