export interface Latencies {
  p50: number;
  p95: number;
  max: number;
}

/** @param milliseconds in any order; all zero where there are none */
export function summarise(milliseconds: number[]): Latencies {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
    return Math.round(value * 10) / 10;
  };
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}
