import { setTimeout as sleep } from "node:timers/promises";
import type { Injector } from "./injectors/injector.ts";
import type { Random } from "./random.ts";

export interface StormPlan {
  injectors: readonly Injector[];
  /** Of every injector's usual pauses; below 1 is faster. */
  pace: number;
  /** It ends when this says so and every injector has struck, or with its time. */
  isEnough(): boolean;
  longestMs: number;
}

/** All injectors side by side, each striking again and again; then what they did is taken back. */
export async function runStorm(
  { injectors, pace, isEnough, longestMs }: StormPlan,
  random: Random,
) {
  const over = new AbortController();
  const struck = new Set<Injector>();
  const ends = Date.now() + longestMs;
  const isOver = () =>
    Date.now() >= ends || (isEnough() && injectors.every((injector) => struck.has(injector)));

  async function strikeOn(injector: Injector): Promise<void> {
    const own = random.branch(injector.name);
    const [least, most] = injector.every;
    // The first comes sooner, so that a short storm has one of each.
    let pause = own.between(least / 4, most / 2);
    while (!over.signal.aborted) {
      await sleep(pause * pace, undefined, { signal: over.signal }).catch(() => {});
      if (over.signal.aborted) return;
      // What one injector does may well be cut off by another.
      await injector.strike().catch(() => {});
      struck.add(injector);
      pause = own.between(least, most);
    }
  }

  const strikes = injectors.map(strikeOn);
  while (!isOver()) await sleep(100);
  over.abort();
  await Promise.all(strikes);
  for (const injector of injectors) await injector.restore?.();
}
