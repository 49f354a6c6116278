/** Numbers from 0 up to 1 that look random and follow from a seed (mulberry32). */
export function diceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of them, the heavier the likelier. */
export function pickWeighted<T>(
  dice: () => number,
  choices: readonly T[],
  weightOf: (choice: T) => number,
): T {
  let rest = dice() * choices.reduce((sum, choice) => sum + weightOf(choice), 0);
  const chosen = choices.find((choice) => {
    rest -= weightOf(choice);
    return rest < 0;
  });
  if (chosen === undefined) throw new Error("there is nothing to choose from");
  return chosen;
}
