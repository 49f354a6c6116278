/** Chance that can be had again: the same seed gives the same numbers. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** Any number from `low` up to `high`. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  /** Goes through the choices in turn, from one that it picks: none is left out for long. */
  cycle<T>(choices: readonly T[]): () => T;
  /** A generator of its own, so that what draws in parallel does not disturb each other's numbers. */
  branch(name: string): Random;
}

/** Mulberry32, begun at a hash of the seed. */
export function seededRandom(seed: number | string): Random {
  let state = hash(String(seed));
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const at = <T>(choices: readonly T[], index: number): T => {
    const choice = choices[index % choices.length];
    if (choice === undefined) throw new Error("There is nothing to choose from.");
    return choice;
  };
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (choices) => at(choices, Math.floor(next() * choices.length)),
    cycle(choices) {
      let index = Math.floor(next() * choices.length);
      return () => at(choices, index++);
    },
    branch: (name) => seededRandom(`${seed}/${name}`),
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (const character of text) sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return sum | 0;
}
