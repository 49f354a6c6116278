import type { Random } from "../random.ts";
import type { World } from "../world/world.ts";

/** One kind of misfortune. */
export interface Injector {
  name: string;
  /** Milliseconds from one stroke to the next, at least and at most. */
  every: [number, number];
  /** Does it once, and returns when it is over. Failing is no harm: the world is shaken already. */
  strike(): Promise<void>;
  /** Takes back what a stroke that was cut off has left. */
  restore?(): Promise<void>;
  /** What it has done so far, as the report names it. */
  counts(): Record<string, number>;
}

export type InjectorFactory = (world: World, random: Random) => Injector;
