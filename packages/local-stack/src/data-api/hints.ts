/** The candidate most like a name that was not found; null where none is like it. */
export function similar(wanted: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestScore = 0.6;
  for (const candidate of new Set(candidates)) {
    const score = likeness(wanted, candidate);
    if (score > bestScore) [best, bestScore] = [candidate, score];
  }
  return best;
}

/** How many pairs of letters both have, from 0 to 1. */
function likeness(one: string, other: string): number {
  const [a, b] = [pairs(one), pairs(other)];
  const shared = [...a].filter((pair) => b.has(pair)).length;
  return (2 * shared) / Math.max(1, a.size + b.size);
}

function pairs(word: string): Set<string> {
  const framed = `-${word.toLowerCase()}-`;
  return new Set(Array.from({ length: framed.length - 1 }, (_, at) => framed.slice(at, at + 2)));
}
